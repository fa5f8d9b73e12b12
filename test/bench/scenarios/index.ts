import type { Scenario } from '../scenario';
import { apiCalls } from './apiCalls';
import { cpu } from './cpu';
import { nodeRuns } from './nodeRuns';
import { packageScenario } from './package';
import { wake } from './wake';

/** In the order of docs/benchmarks.md. */
export const scenarios: Scenario[] = [apiCalls, nodeRuns, cpu, wake, packageScenario];
