import type { Record } from '../record';
import type { Plan } from '../world/plan';
import { calm } from './calm';
import { chargedOnce } from './chargedOnce';
import { money } from './money';
import { named } from './named';
import { outputs } from './outputs';
import { stopped } from './stopped';
import type { Violation } from './violation';

export type { Violation };

export function judge(record: Record, plan: Plan): Violation[] {
	return [chargedOnce, stopped, named, money, outputs, calm].flatMap((invariant) =>
		invariant(record, plan),
	);
}
