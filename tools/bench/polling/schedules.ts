import { nextCheckMs } from '../../../nodes/shared/waiting/schedule';
import { seededRandom } from '../../../test/kling/random';
import type { Schedule } from './simulate';

/** The node's schedule with an automatic Poll Interval. */
export const ours: Schedule = (open, { nowMs, tasks }) =>
	nextCheckMs(
		open.map(({ createdMs, checks }) => ({ ageMs: nowMs - createdMs, isNew: true, checks })),
		{ intervalMs: 0, tasks },
	);

export const every =
	(stepMs: number): Schedule =>
	() =>
		stepMs;

/** No check before the first task has this age, then one after each step. */
export const everyFrom =
	(firstMs: number, stepMs: number): Schedule =>
	(open, { nowMs, rounds }) =>
		rounds > 0 ? stepMs : firstMs - nowMs + Math.min(...open.map(({ createdMs }) => createdMs));

/** A round at once, then pauses that grow from 5 s to 15 s, ± 10 %. */
export function growing(seed: number): Schedule {
	const random = seededRandom(seed);
	return (_open, { rounds }) =>
		rounds === 0 ? 0 : 5_000 * Math.min(1.2 ** (rounds - 1), 3) * (0.9 + 0.2 * random());
}
