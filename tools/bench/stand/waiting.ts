import { setTimeout as pause } from 'node:timers/promises';

import { median } from '../numbers';
import type { Stand } from './stand';

/** Even an idle n8n uses some CPU. */
const [QUIET_CHECK_MS, QUIET_CPU_MS] = [400, 40];
const IDLE_AFTER_MS = 3_000;
/** The median of several checks, since n8n does housekeeping now and then. */
const [IDLE_MS, IDLE_CHECKS] = [3_000, 5];

/** Until n8n has nothing left to do: storing an execution is part of its work. */
export async function untilQuiet(stand: Stand): Promise<void> {
	for (let [before, quiet] = [stand.cpuMs(), 0]; quiet < 2;) {
		await pause(QUIET_CHECK_MS);
		const now = stand.cpuMs();
		quiet = now - before <= QUIET_CPU_MS ? quiet + 1 : 0;
		before = now;
	}
}

export async function until(
	what: string,
	isTrue: () => Promise<boolean>,
	timeoutMs: number,
	everyMs = 250,
): Promise<void> {
	for (const end = Date.now() + timeoutMs; !(await isTrue()); await pause(everyMs))
		if (Date.now() > end) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
}

/** Of an n8n that receives no requests: milliseconds of CPU per millisecond. */
export async function idleShareOf({ cpuMs }: Stand): Promise<number> {
	await pause(IDLE_AFTER_MS);
	const shares: number[] = [];
	for (let check = 0; check < IDLE_CHECKS; check++) {
		const [before, at] = [cpuMs(), Date.now()];
		await pause(IDLE_MS);
		shares.push((cpuMs() - before) / (Date.now() - at));
	}
	return median(shares);
}
