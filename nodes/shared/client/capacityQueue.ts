import { sleep } from '../transport/abort';
import { codeOf, type Result } from '../transport/failure';
import { backoffMs, retryPolicy } from '../transport/retry';
import { readTasks } from './readTasks';
import { openSlots } from './slots';
import { isFinal, type KlingTask } from './task';
import type { TaskApi } from './taskApi';

/** `found`: nothing was sent, since the task exists. */
export type Posted = Result<KlingTask> | { found: KlingTask };

export interface CapacityQueue {
	/**
	 * Sends when the account has a slot; without one it waits, for the Capacity Timeout after the last task that Kling
	 * accepted from this run.
	 * @throws the reason of the signal, before anything is sent
	 */
	send: (post: () => Promise<Posted>) => Promise<Posted>;
	/** Ids of tasks that are known to this run. */
	accepted: Set<string>;
	/** Calls the listener with each task of this run that another request has seen to end. */
	onEnded: (listener: (task: KlingTask) => void) => void;
	/** Takes tasks that a request has shown, of this run or not. @throws the reason of the signal */
	see: (tasks: KlingTask[]) => Promise<void>;
}

const READ_TIMEOUT_MS = 15_000;
/** Between two checks for an ended task: a share of how long tasks take, within limits. */
const CHECK_SHARE = 0.08;
const [MIN_CHECK_MS, FIRST_CHECK_MS, MAX_CHECK_MS] = [400, 700, 3_000];
/** Other runs may hold the slots: one create is sent without having seen a task end. */
const [FIRST_PROBE_MS, MAX_PROBE_MS] = [5_000, 30_000];

interface State {
	running: Set<string>;
	/** Monotonic ms. */
	lastAcceptedAt: number;
	lastReleaseAt: number;
	isFull: boolean;
	isProbing: boolean;
	isWatching: boolean;
	checkMs: number;
	probeMs: number;
}

/**
 * Detects the account's concurrency limit instead of asking for it. After the first 1303 a create is sent for each task
 * that is seen to end, and a single probe at intervals.
 * @param capacityTimeoutMs counted from the last accepted create of this run
 */
export function openCapacityQueue(
	api: TaskApi,
	signal: AbortSignal,
	capacityTimeoutMs: number,
): CapacityQueue {
	const accepted = new Set<string>();
	const { notify, onEnded, see } = openNotifier(signal, accepted);
	const slots = openSlots(signal);
	const state = newState();
	const isOutOfTime = () => performance.now() - state.lastAcceptedAt >= capacityTimeoutMs;

	async function send(post: () => Promise<Posted>): Promise<Posted> {
		let allowed = !state.isFull || (await slot());
		for (let tries = 1; ; tries++) {
			signal.throwIfAborted();
			const result = await post();
			if ('value' in result) noteAccepted(result.value);
			// The slot that was waited for is still free.
			if ('found' in result && state.isFull) slots.release(1);
			if (!('failure' in result) || retryPolicy(result.failure) !== 'capacity') return result;
			if (!allowed || isOutOfTime()) return result;
			if (codeOf(result.failure) === 1303) allowed = await slot();
			else await sleep(backoffMs(tries, result.failure), signal);
			if (!allowed) return result;
		}
	}

	async function slot(): Promise<boolean> {
		state.isFull = true;
		state.isProbing = false;
		const acquiring = slots.acquire();
		if (slots.waiting() > 0 && !state.isWatching) void watch();
		return await acquiring;
	}

	function noteAccepted({ task_id }: KlingTask): void {
		state.lastAcceptedAt = performance.now();
		accepted.add(task_id);
		state.running.add(task_id);
		// A slot had become free unnoticed, so others may have, too.
		if (state.isProbing) slots.release(1);
	}

	async function watch(): Promise<void> {
		state.isWatching = true;
		try {
			while (slots.waiting() > 0) {
				await sleep(state.checkMs, signal);
				const ended = await seeEnded(api, state);
				await notify(ended);
				const now = performance.now();
				const seen = { ended: ended.length, now, isOutOfTime: isOutOfTime() };
				const action = nextAction(state, seen);
				if (action === 'giveUp') slots.giveUp();
				else if (action !== 'wait') slots.release(action === 'probe' ? 1 : ended.length);
				noteAction(state, action, now);
			}
		} catch (error) {
			slots.fail(error as Error);
		} finally {
			state.isWatching = false;
		}
	}

	return { send, accepted, onEnded, see };
}

function openNotifier(
	signal: AbortSignal,
	accepted: ReadonlySet<string>,
): Pick<CapacityQueue, 'onEnded' | 'see'> & { notify: (ended: KlingTask[]) => Promise<void> } {
	const listeners = new Set<(task: KlingTask) => void>();
	async function notify(ended: KlingTask[]): Promise<void> {
		for (const listener of listeners) ended.forEach(listener);
		// A failed task may end the run, which then sends nothing more.
		if (ended.length > 0) await sleep(0, signal);
	}
	return {
		notify,
		onEnded: (listener) => void listeners.add(listener),
		see: async (tasks) =>
			await notify(tasks.filter((task) => isFinal(task) && accepted.has(task.task_id))),
	};
}

function newState(): State {
	return {
		running: new Set(),
		lastAcceptedAt: performance.now(),
		lastReleaseAt: performance.now(),
		isFull: false,
		isProbing: false,
		isWatching: false,
		checkMs: FIRST_CHECK_MS,
		probeMs: FIRST_PROBE_MS,
	};
}

type Action = 'release' | 'giveUp' | 'probe' | 'wait';

/** Pure: what follows from a check that saw `ended` tasks end. */
function nextAction(
	{ lastReleaseAt, probeMs }: Pick<State, 'lastReleaseAt' | 'probeMs'>,
	{ ended, now, isOutOfTime }: { ended: number; now: number; isOutOfTime: boolean },
): Action {
	if (ended > 0) return 'release';
	if (isOutOfTime) return 'giveUp';
	return now - lastReleaseAt >= probeMs ? 'probe' : 'wait';
}

function noteAction(state: State, action: Action, now: number): void {
	if (action !== 'release' && action !== 'probe') return;
	state.lastReleaseAt = now;
	if (action === 'probe') state.isProbing = true;
	state.probeMs = action === 'probe' ? Math.min(state.probeMs * 2, MAX_PROBE_MS) : FIRST_PROBE_MS;
}

async function seeEnded(api: TaskApi, state: State): Promise<KlingTask[]> {
	if (state.running.size === 0) return [];
	const ended: KlingTask[] = [];
	for (const [id, result] of await readTasks(api, [...state.running], READ_TIMEOUT_MS)) {
		if (!('value' in result) || !isFinal(result.value)) continue;
		state.running.delete(id);
		ended.push(result.value);
		state.checkMs = checkMsFor(result.value) ?? state.checkMs;
	}
	return ended;
}

function checkMsFor({ created_at, updated_at }: KlingTask): number | undefined {
	if (created_at === undefined || updated_at === undefined) return undefined;
	const share = (updated_at - created_at) * CHECK_SHARE;
	return Math.min(Math.max(share, MIN_CHECK_MS), MAX_CHECK_MS);
}
