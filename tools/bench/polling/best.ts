import type { Task } from './distributions';
import { requestsOfRound, simulate, type Outcome, type Schedule } from './simulate';

/** The policy's clock, in milliseconds: finer for one task, since ten tasks have ten times as many states. */
const gridFor = (size: number) => (size === 1 ? 200 : 500);
const MAX_STEP_MS = 60_000;
/** Bisections of the price: enough to match the number of checks within a few hundredths. */
const BISECTIONS = 14;

/** How the tasks' ends are distributed on the grid, which starts with their group's first create. */
interface Ends {
	gridMs: number;
	points: number;
	/** By grid point: tasks that have ended by then, and the sum of their ends. */
	ended: number[];
	endsMs: number[];
}

/**
 * The least mean delay that a schedule can reach with at most `maxChecks` checks per task. It knows the distribution
 * and how many tasks are left: no schedule that has to learn either can be better.
 */
export function best(groups: Task[][], size: number, maxChecks: number): Outcome {
	const ends = readEnds(groups, gridFor(size));
	// What one request may cost, in milliseconds of delay.
	let [low, high] = [0, 1e6];
	let found = simulate(groups, policy(ends, size, high));
	for (let bisection = 0; bisection < BISECTIONS; bisection++) {
		const price = Math.sqrt(Math.max(low, 1) * high);
		const outcome = simulate(groups, policy(ends, size, price));
		if (outcome.checks > maxChecks) low = price;
		else [high, found] = [price, outcome];
	}
	return found;
}

function readEnds(groups: Task[][], gridMs: number): Ends {
	const all = groups.flat().map(({ endMs }) => endMs);
	const points = Math.ceil(Math.max(...all) / gridMs) + 1;
	const [ended, endsMs] = [zeros(points), zeros(points)];
	for (const endMs of all) {
		const point = Math.ceil(endMs / gridMs);
		ended[point] = at(ended, point) + 1;
		endsMs[point] = at(endsMs, point) + endMs;
	}
	for (let point = 1; point < points; point++) {
		ended[point] = at(ended, point) + at(ended, point - 1);
		endsMs[point] = at(endsMs, point) + at(endsMs, point - 1);
	}
	return { gridMs, points, ended, endsMs };
}

/** By dynamic programming, backwards from the last end: the cheapest next round for each grid point and number of tasks left. */
function policy(ends: Ends, size: number, priceMs: number): Schedule {
	const { gridMs, points } = ends;
	const last = points - 1;
	const costs = Array.from({ length: points }, () => zeros(size + 1));
	const nextRounds = Array.from({ length: points }, () => zeros(size + 1));
	for (let from = last - 1; from >= 0; from--) {
		const furthest = Math.min(last, from + MAX_STEP_MS / gridMs);
		for (let left = 1; left <= size; left++) {
			let [cost, next] = [Infinity, last];
			for (let to = from + 1; to <= furthest; to++) {
				const [share, delayMs] = endsBetween(ends, from, to);
				const now = requestsOfRound(left) * priceMs + left * delayMs;
				if (now >= cost) break;
				const all = now + expected(costs[to] ?? [], left, share);
				if (all < cost) [cost, next] = [all, to];
			}
			(costs[from] ?? [])[left] = cost;
			(nextRounds[from] ?? [])[left] = next;
		}
	}
	return (open, { nowMs, tasks, isPlanned }) => {
		if (isPlanned) return Infinity;
		const from = Math.min(Math.round(nowMs / gridMs), last - 1);
		const left = open.length + size - tasks;
		return Math.max(gridMs, at(nextRounds[from] ?? [], left) * gridMs - nowMs);
	};
}

/** Of a task that has not ended at `from`: the probability that it ends by `to`, and its expected delay at `to`. */
function endsBetween({ gridMs, ended, endsMs, points }: Ends, from: number, to: number) {
	const left = at(ended, points - 1) - at(ended, from);
	if (left === 0) return [1, 0] as const;
	const count = at(ended, to) - at(ended, from);
	const delayMs = count * to * gridMs - (at(endsMs, to) - at(endsMs, from));
	return [count / left, delayMs / left] as const;
}

/** What the rest costs when each of `left` tasks has ended with this probability. */
function expected(costs: number[], left: number, share: number): number {
	if (share >= 1) return 0;
	let probability = (1 - share) ** left;
	let total = 0;
	for (let done = 0; done < left; done++) {
		total += probability * at(costs, left - done);
		probability *= ((left - done) / (done + 1)) * (share / (1 - share));
	}
	return total;
}

function zeros(length: number): number[] {
	return Array.from({ length }, () => 0);
}

function at(values: number[], index: number): number {
	return values[index] ?? 0;
}
