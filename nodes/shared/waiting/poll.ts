import { readTasks } from '../client/readTasks';
import { hasExternalId, isFinal, type KlingTask, type TaskReference } from '../client/task';
import { isUnknownTask, type TaskApi } from '../client/taskApi';
import type { Run } from '../run/operation';
import { sleep } from '../transport/cancel';
import type { KlingFailure, Result } from '../transport/failure';
import { isFinalRefusal, retryPolicy } from '../transport/retry';
import { checkError, failedTaskError, timeoutError } from './errors';
import { nextCheckMs } from './schedule';
import type { WaitSettings } from './settings';

export interface Waited {
	task: KlingTask;
	/** False where the time limit came first. */
	completed: boolean;
}

export interface Polling {
	/**
	 * Waits for the end of a task. Rejects with an error that names it: for a task that Kling does not know, and for a
	 * failed task and the timeout where the settings say so; and with the reason of the run's signal.
	 * @param known as a create or another request showed it
	 */
	wait: (task: TaskReference, known?: KlingTask) => Promise<Waited>;
	/** For the output panel. */
	hint: () => string | undefined;
}

interface Waiting extends TaskReference {
	/** As it was seen last. */
	task: KlingTask | undefined;
	/** Of the last check. */
	failure: KlingFailure | undefined;
	/** Monotonic ms. */
	since: number;
	deadline: number;
	/** Created a moment ago, not found. */
	isNew: boolean;
	checks: number;
	resolve: (waited: Waited) => void;
	reject: (error: Error) => void;
}

/** The check at the time limit is given at least this long. */
const LAST_CHECK_MS = 5_000;
const CHECK_MS = 30_000;
/** Kling may show a new task some seconds after it was created. */
const UNKNOWN_FOR_MS = 20_000;

/** One loop checks the tasks of all items. */
export function startPolling(run: Run, api: TaskApi, settings: WaitSettings): Polling {
	const waiting = new Set<Waiting>();
	const startedAt = performance.now();
	let waits = 0;
	let rounds = 0;
	let isPolling = false;

	async function wait(reference: TaskReference, known?: KlingTask): Promise<Waited> {
		run.signal.throwIfAborted();
		waits++;
		return await new Promise((resolve, reject) => {
			const since = performance.now();
			const deadline = since + settings.timeoutMs;
			const isNew = known !== undefined && !isFinal(known);
			const one = { ...reference, task: known, failure: undefined, since, deadline, checks: 0 };
			waiting.add({ ...one, isNew, resolve, reject });
			if (!isPolling) void poll();
		});
	}

	async function poll(): Promise<void> {
		isPolling = true;
		try {
			// Other items begin to wait in this same turn, and share the first round.
			await Promise.resolve();
			while (waiting.size > 0) {
				await sleep(untilNextRound(), run.signal);
				await checkAll();
				rounds++;
				const { context } = run;
				context.logger.debug(
					`${context.getNode().name}: check ${rounds}, ${waiting.size} of ${waits} tasks unfinished`,
				);
			}
		} catch (error) {
			for (const { reject } of waiting) reject(error as Error);
			waiting.clear();
		} finally {
			isPolling = false;
		}
	}

	function untilNextRound(): number {
		const now = performance.now();
		const nextMs = nextCheckMs(
			[...waiting].map(({ since, checks, isNew }) => ({ ageMs: now - since, checks, isNew })),
			{ intervalMs: settings.intervalMs, tasks: waits },
		);
		const deadline = Math.min(...[...waiting].map((one) => one.deadline));
		return Math.max(0, Math.min(nextMs, deadline - now));
	}

	async function checkAll(): Promise<void> {
		const all = [...waiting];
		const leftMs = Math.min(...all.map(({ deadline }) => deadline)) - performance.now();
		const timeoutMs = Math.min(CHECK_MS, Math.max(LAST_CHECK_MS, leftMs));
		const ids = [...new Set(all.map(({ id }) => id))];
		const seen = await readTasks(api, ids, timeoutMs);
		for (const one of all) {
			one.checks++;
			const result = seen.get(one.id);
			if (result) applyResult(one, result);
			if (waiting.has(one) && performance.now() >= one.deadline) timeOut(one);
		}
	}

	function applyResult(one: Waiting, result: Result<KlingTask>): void {
		const next = afterCheck(one, result, performance.now());
		if (next.is === 'refused')
			return settle(one, () => one.reject(checkError(run.context, one.id, next.failure)));
		if (next.is === 'failure') return void (one.failure = next.failure);
		one.task = next.task;
		one.failure = undefined;
		if (next.is === 'running') return;
		const { task } = next;
		if (task.task_status === 'failed' && settings.onFailedTask === 'error')
			return settle(one, () => one.reject(failedTaskError(run.context, task)));
		settle(one, () => one.resolve({ task, completed: true }));
	}

	/** A task that was never seen is no data. */
	function timeOut(one: Waiting): void {
		const { id, task, failure } = one;
		settle(one, () => {
			if (task && settings.onTimeout === 'output') one.resolve({ task, completed: false });
			else if (!task && failure) one.reject(checkError(run.context, id, failure));
			else one.reject(timeoutError(run.context, one, settings.timeoutMs));
		});
	}

	function settle(one: Waiting, how: () => void): void {
		if (waiting.delete(one)) how();
	}

	function hint(): string | undefined {
		if (rounds === 0) return undefined;
		const seconds = Math.round((performance.now() - startedAt) / 1000);
		return `Finished in ${seconds} s, ${rounds === 1 ? '1 check' : `${rounds} checks`}`;
	}

	return { wait, hint };
}

type Known = Pick<Waiting, 'id' | 'isExternal' | 'task' | 'failure' | 'since'>;

type AfterCheck =
	| { is: 'ended' | 'running'; task: KlingTask }
	/** It may pass: the wait goes on. */
	| { is: 'failure'; failure: KlingFailure }
	/** Kling's own last word. */
	| { is: 'refused'; failure: KlingFailure };

/**
 * Pure: what follows from one check. Whatever is not Kling's own final word passes until the timeout.
 * @param now monotonic ms
 */
export function afterCheck(
	{ id, isExternal = false, task, failure: before, since }: Known,
	result: Result<KlingTask>,
	now: number,
): AfterCheck {
	if ('value' in result) {
		const seen = result.value;
		if (isExternal ? hasExternalId(seen, id) : seen.task_id === id || hasExternalId(seen, id))
			return { is: isFinal(seen) ? 'ended' : 'running', task: seen };
		return { is: 'failure', failure: { kind: 'unreadable', reason: 'notATask' } };
	}
	const { failure } = result;
	if (isUnknownTask(failure)) {
		const isNew = task !== undefined || now - since < UNKNOWN_FOR_MS;
		return { is: isNew ? 'failure' : 'refused', failure };
	}
	const isSecondResign =
		retryPolicy(failure) === 'resign' && before !== undefined && retryPolicy(before) === 'resign';
	return { is: isFinalRefusal(failure) || isSecondResign ? 'refused' : 'failure', failure };
}
