import { seededRandom } from '../../../test/kling/random';

/** How long tasks take at Kling, in milliseconds: one draw for each call. */
export type Distribution = (random: () => number) => number;

const MEDIAN_MS = 35_000;
const P95_MS = 90_000;
/** The standard normal distribution's 95th percentile. */
const Z_95 = 1.6449;
const SIGMA = Math.log(P95_MS / MEDIAN_MS) / Z_95;

export const distributions = {
	'uniform 20-60 s': (random) => 20_000 + 40_000 * random(),
	'lognormal 35 s, p95 90 s': (random) => MEDIAN_MS * Math.exp(SIGMA * standardNormal(random)),
	'constant 25 s': () => 25_000,
} satisfies Record<string, Distribution>;

export interface Task {
	/** When the answer to its create came, in milliseconds since the group's first create was sent. */
	createdMs: number;
	endMs: number;
}

/** Creates sent at a time. */
const LANES = 5;
const MAX_CREATE_MS = 2_000;

/**
 * Groups of tasks that one run creates together: {@link LANES} creates at a time, each answered within
 * {@link MAX_CREATE_MS}. A task on its own is created at 0.
 */
export function groups(
	distribution: Distribution,
	size: number,
	count: number,
	seed: number,
): Task[][] {
	const random = seededRandom(seed);
	return Array.from({ length: count }, () => {
		const lanes = Array.from({ length: LANES }, () => 0);
		const tasks = Array.from({ length: size }, () => {
			const free = Math.min(...lanes);
			const createdMs = size === 1 ? 0 : free + MAX_CREATE_MS * random();
			lanes[lanes.indexOf(free)] = createdMs;
			return { createdMs, endMs: createdMs + distribution(random) };
		});
		return tasks.sort((one, other) => one.createdMs - other.createdMs);
	});
}

/** By Box and Muller. */
function standardNormal(random: () => number): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
