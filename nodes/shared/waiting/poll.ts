import { readTasks } from '../client/readTasks';
import type { KlingTask, TaskReference } from '../client/task';
import type { TaskApi } from '../client/taskApi';
import type { Run } from '../run/operation';
import { TASK_WORDS } from '../run/words';
import { sleep } from '../transport/cancel';
import type { Result } from '../transport/failure';
import { afterCheck, type Known } from './afterCheck';
import { checkError, failedTaskError, timeoutError } from './errors';
import { nextCheckMs } from './schedule';
import type { WaitSettings } from './settings';

export interface Waited {
	task: KlingTask;
	/** False where the time limit came first. */
	completed: boolean;
}

/** A task that another request has shown. */
export interface KnownTask {
	task: KlingTask;
	/** This run created it a moment ago, so that a check at once is of no use. */
	isNew: boolean;
}

export interface Polling {
	/**
	 * Waits for the end of a task. Rejects with an error that names it: for a task that Kling does not know, and for a
	 * failed task and the timeout where the settings say so; and with the reason of the run's signal.
	 */
	wait: (task: TaskReference, known?: KnownTask) => Promise<Waited>;
	/** Takes a task that another request has shown. */
	see: (task: KlingTask) => void;
	/** For the output panel. */
	hint: () => string | undefined;
}

interface Waiting extends Known {
	/** Monotonic ms. */
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

/** One loop checks the tasks of all items. */
export function startPolling(
	run: Run,
	api: TaskApi,
	settings: WaitSettings,
	words = TASK_WORDS,
): Polling {
	const waiting = new Set<Waiting>();
	const startedAt = performance.now();
	let waits = 0;
	let rounds = 0;
	let isPolling = false;
	/** Monotonic ms of the next round. */
	let dueAt = Infinity;
	let planned = new AbortController();

	async function wait(reference: TaskReference, known?: KnownTask): Promise<Waited> {
		run.signal.throwIfAborted();
		waits++;
		return await new Promise((resolve, reject) => {
			const since = performance.now();
			const deadline = since + settings.timeoutMs;
			const { task, isNew = false } = known ?? {};
			const one = { ...reference, task, failure: undefined, since, deadline, checks: 0, isNew };
			waiting.add({ ...one, resolve, reject });
			plan();
			if (!isPolling) void poll();
		});
	}

	/** An earlier round that is planned stays planned. */
	function plan(): void {
		dueAt = Math.min(dueAt, performance.now() + untilNextRound());
		planned.abort();
	}

	async function poll(): Promise<void> {
		isPolling = true;
		try {
			// Other items begin to wait in this same turn, and share the first round.
			await Promise.resolve();
			while (waiting.size > 0) {
				await pauseUntilDue();
				dueAt = Infinity;
				await checkAll();
				rounds++;
				if (waiting.size > 0) plan();
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

	/** Begins again when another plan is made. */
	async function pauseUntilDue(): Promise<void> {
		for (let leftMs = dueAt - performance.now(); leftMs > 0; leftMs = dueAt - performance.now()) {
			planned = new AbortController();
			await sleep(leftMs, run.signal, planned.signal);
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
			return settle(one, () => one.reject(failedTaskError(run.context, task, words)));
		settle(one, () => one.resolve({ task, completed: true }));
	}

	/** A task that was never seen is no data. */
	function timeOut(one: Waiting): void {
		const { id, task, failure } = one;
		settle(one, () => {
			if (task && settings.onTimeout === 'output') one.resolve({ task, completed: false });
			else if (!task && failure) one.reject(checkError(run.context, id, failure));
			else one.reject(timeoutError(run.context, one, settings.timeoutMs, words));
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

	function see(task: KlingTask): void {
		for (const one of [...waiting]) if (one.id === task.task_id) applyResult(one, { value: task });
	}

	return { wait, see, hint };
}
