import type { Scenario } from '../scenario';
import { apiCalls } from './apiCalls';
import { callbacks } from './callbacks';
import { cpu } from './cpu';
import { kill } from './kill';
import { latency } from './latency';
import { memory } from './memory';
import { nodeRuns } from './nodeRuns';
import { overhead } from './overhead';
import { packageScenario } from './package';
import { slots } from './slots';
import { wake } from './wake';

/** In the order of docs/benchmarks.md. */
export const scenarios: Scenario[] = [
	latency,
	apiCalls,
	nodeRuns,
	cpu,
	wake,
	memory,
	slots,
	overhead,
	callbacks,
	packageScenario,
	kill,
];
