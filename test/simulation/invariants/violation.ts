import type { Record } from '../record';
import type { Plan } from '../world/plan';

export interface Violation {
	/** Which of the invariants of the issue on the simulation. */
	invariant: 1 | 2 | 3 | 4;
	/** A name for the rule that was broken: violations of one kind have the same. */
	rule: string;
	/** What was seen. */
	detail: string;
}

export type Invariant = (record: Record, plan: Plan) => Violation[];
