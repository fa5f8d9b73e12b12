import { quantile, sum } from '../numbers';
import type { Task } from './distributions';

/** Created, and not seen finished yet. */
export interface OpenTask extends Task {
	checks: number;
}

export interface Moment {
	nowMs: number;
	rounds: number;
	/** Created so far. */
	tasks: number;
	/** A round is planned; the earlier one counts. */
	isPlanned: boolean;
}

/** @returns milliseconds to the next round. Called after each round, and when a create is answered. */
export type Schedule = (open: OpenTask[], moment: Moment) => number;

export interface Outcome {
	/** From the end of a task to the round that sees it. */
	medianMs: number;
	p95Ms: number;
	meanMs: number;
	/** Requests for each task, without its create. */
	checks: number;
}

/** Below it a round reads each task by a Get of its own; from it on one page of List serves all. */
const LIST_FROM = 3;

export function requestsOfRound(open: number): number {
	return open < LIST_FROM ? open : 1;
}

/** In virtual time: requests take none. */
export function simulate(groups: Task[][], schedule: Schedule): Outcome {
	const delays: number[] = [];
	const requests = sum(groups.map((group) => waitForGroup(group, schedule, delays)));
	return {
		medianMs: quantile(delays, 0.5),
		p95Ms: quantile(delays, 0.95),
		meanMs: sum(delays) / delays.length,
		checks: requests / delays.length,
	};
}

/** Returns the requests, and adds the delays. */
function waitForGroup(group: Task[], schedule: Schedule, delays: number[]): number {
	const coming = group.map((task): OpenTask => ({ ...task, checks: 0 }));
	let open: OpenTask[] = [];
	let [requests, rounds, roundAt] = [0, 0, Infinity];
	const plan = (nowMs: number, isPlanned: boolean) =>
		nowMs + schedule(open, { nowMs, rounds, tasks: group.length - coming.length, isPlanned });
	while (coming.length > 0 || open.length > 0) {
		const next = coming[0];
		if (next && next.createdMs <= roundAt) {
			coming.shift();
			open.push(next);
			roundAt = Math.min(roundAt, plan(next.createdMs, roundAt < Infinity));
			continue;
		}
		const now = roundAt;
		rounds++;
		requests += requestsOfRound(open.length);
		for (const task of open) task.checks++;
		for (const { endMs } of open) if (endMs <= now) delays.push(now - endMs);
		open = open.filter(({ endMs }) => endMs > now);
		roundAt = open.length > 0 ? plan(now, false) : Infinity;
	}
	return requests;
}
