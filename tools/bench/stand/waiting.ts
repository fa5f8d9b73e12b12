import { setTimeout as pause } from 'node:timers/promises';

import { median } from '../numbers';
import type { Stand } from './stand';

/** An idle n8n uses some ticks of CPU, too. */
const [QUIET_LOOK_MS, QUIET_CPU_MS] = [400, 40];
const IDLE_AFTER_MS = 3_000;
/** The median of several looks: now and then n8n tidies up. */
const [IDLE_MS, IDLE_LOOKS] = [3_000, 5];

/** n8n has nothing more to do: what it writes down after an execution is part of its work. */
export async function untilQuiet(stand: Stand): Promise<void> {
	for (let [before, quiet] = [stand.cpuMs(), 0]; quiet < 2;) {
		await pause(QUIET_LOOK_MS);
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

/** Of an n8n that nobody calls: milliseconds of CPU for each millisecond. */
export async function idleShareOf({ cpuMs }: Stand): Promise<number> {
	await pause(IDLE_AFTER_MS);
	const shares: number[] = [];
	for (let look = 0; look < IDLE_LOOKS; look++) {
		const [before, at] = [cpuMs(), Date.now()];
		await pause(IDLE_MS);
		shares.push((cpuMs() - before) / (Date.now() - at));
	}
	return median(shares);
}
