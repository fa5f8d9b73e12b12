import type { IExecuteFunctions } from 'n8n-workflow';
import { againAfter, backoffMs } from '../transport/retry';
import { sleepUnlessCancelled } from '../transport/cancel';
import { lookAtTasks } from './readTasks';
import type { Result } from './endpoints';
import { isFinal, type KlingTask } from './task';

export interface CreateQueue {
	/** Sends when the account has a slot; without one it waits, for capacityTimeoutMs after the last task that anything got accepted. */
	send(post: () => Promise<Result<KlingTask>>): Promise<Result<KlingTask>>;
	/** Task ids that this run knows: accepted by Kling now, or adopted. */
	accepted: Set<string>;
}

const LOOK_TIMEOUT_MS = 15_000;
/** Between two looks for an ended task: a share of how long tasks take, within limits. */
const LOOK_SHARE = 0.08;
const [SHORTEST_LOOK_MS, FIRST_LOOK_MS, LONGEST_LOOK_MS] = [400, 700, 3_000];
/** Other runs may hold the slots: one create is tried without having seen an end. */
const [FIRST_PROBE_MS, LONGEST_PROBE_MS] = [5_000, 30_000];

/**
 * Finds out how many tasks the account can run instead of being told. After the first 1303 a create
 * is sent for each task that is seen to end, and a lone probe at intervals.
 * @param capacityTimeoutMs counted from the last accepted create of this run
 */
export function createQueue(context: IExecuteFunctions, capacityTimeoutMs: number): CreateQueue {
	const accepted = new Set<string>();
	const running = new Set<string>();
	const blocked: Array<{ go: (allowed: boolean) => void; fail: (error: Error) => void }> = [];
	let lastAccepted = Date.now();
	let full = false;
	let free = 0;
	let probing = false;
	let watching = false;
	let lookMs = FIRST_LOOK_MS;

	async function send(post: () => Promise<Result<KlingTask>>): Promise<Result<KlingTask>> {
		let allowed = !full || (await slot());
		for (let tries = 1; ; tries++) {
			const result = await post();
			if ('value' in result) {
				noteAccepted(result.value);
				return result;
			}
			if (againAfter(result.failure) !== 'capacity') return result;
			if (!allowed || Date.now() - lastAccepted >= capacityTimeoutMs) return result;
			if (result.failure.code === 1303) {
				full = true;
				probing = false;
				allowed = await slot();
				if (!allowed) return result;
			} else await sleepUnlessCancelled(context, backoffMs(tries, result.failure));
		}
	}

	function noteAccepted({ task_id }: KlingTask): void {
		lastAccepted = Date.now();
		accepted.add(task_id);
		running.add(task_id);
		// Where one slot had become free unseen, there may be more.
		if (probing) release(1);
	}

	/** @returns false where the time for capacity is over */
	async function slot(): Promise<boolean> {
		if (free > 0) {
			free--;
			return true;
		}
		return await new Promise<boolean>((go, fail) => {
			blocked.push({ go, fail });
			if (!watching) void watch();
		});
	}

	function release(slots: number): void {
		for (let given = 0; given < slots; given++) {
			const next = blocked.shift();
			if (next) next.go(true);
			else free++;
		}
	}

	async function watch(): Promise<void> {
		watching = true;
		let probeMs = FIRST_PROBE_MS;
		let lastRelease = Date.now();
		try {
			while (blocked.length > 0) {
				await sleepUnlessCancelled(context, lookMs);
				const ended = await seeEnded();
				if (ended > 0) {
					release(ended);
					lastRelease = Date.now();
					probeMs = FIRST_PROBE_MS;
				} else if (Date.now() - lastAccepted >= capacityTimeoutMs) {
					for (const { go } of blocked.splice(0)) go(false);
				} else if (Date.now() - lastRelease >= probeMs) {
					probing = true;
					release(1);
					lastRelease = Date.now();
					probeMs = Math.min(probeMs * 2, LONGEST_PROBE_MS);
				}
			}
		} catch (error) {
			for (const { fail } of blocked.splice(0)) fail(error as Error);
		} finally {
			watching = false;
		}
	}

	async function seeEnded(): Promise<number> {
		if (running.size === 0) return 0;
		const seen = await lookAtTasks(context, [...running], LOOK_TIMEOUT_MS);
		let ended = 0;
		for (const [id, result] of seen) {
			if (!('value' in result) || !isFinal(result.value)) continue;
			running.delete(id);
			ended++;
			learn(result.value);
		}
		return ended;
	}

	function learn({ created_at, updated_at }: KlingTask): void {
		if (created_at === undefined || updated_at === undefined) return;
		const share = (updated_at - created_at) * LOOK_SHARE;
		lookMs = Math.min(Math.max(share, SHORTEST_LOOK_MS), LONGEST_LOOK_MS);
	}

	return { send, accepted };
}
