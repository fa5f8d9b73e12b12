import type { IExecuteFunctions } from 'n8n-workflow';
import { lookAtTasks } from '../client/look';
import { isUnknownTask, type Result } from '../client/multiShot';
import { isFinal, type KlingTask } from '../client/task';
import type { KlingFailure } from '../transport/answer';
import { isPassing } from '../transport/retry';
import { sleepUnlessCancelled } from '../transport/sleep';
import { failedTaskError, lookError, timeoutError } from './waitErrors';

export interface PollSettings {
	timeoutMs: number;
	intervalMs: number;
}

export interface Polling {
	/**
	 * Resolves with the task that has succeeded. Rejects with an error that names the task, for a failed
	 * task, the time limit and Stop.
	 * @param known what the answer to a create said
	 */
	wait: (id: string, known?: KlingTask) => Promise<KlingTask>;
	/** Ends all waits with this error. */
	stop: (error: Error) => void;
}

export interface Waiting {
	id: string;
	/** What was seen last. */
	task: KlingTask | undefined;
	failure: KlingFailure | undefined;
	/** Unix milliseconds. */
	since: number;
	deadline: number;
	resolve: (task: KlingTask) => void;
	reject: (error: Error) => void;
}

/** A look at the time limit is given this long. */
const LAST_LOOK_MS = 5_000;
const LOOK_MS = 30_000;
/** Kling may show a new task some seconds after its making. */
const UNKNOWN_FOR_MS = 10_000;

/** One loop looks at the tasks of all items: at once, then at each interval, and a last time at the time limit. */
export function startPolling(context: IExecuteFunctions, settings: PollSettings): Polling {
	const waiting = new Set<Waiting>();
	let polling = false;

	async function wait(id: string, known?: KlingTask): Promise<KlingTask> {
		return await new Promise((resolve, reject) => {
			const since = Date.now();
			const deadline = since + settings.timeoutMs;
			waiting.add({ id, task: known, failure: undefined, since, deadline, resolve, reject });
			if (!polling) void poll();
		});
	}

	function stop(error: Error): void {
		for (const one of waiting) one.reject(error);
		waiting.clear();
	}

	async function poll(): Promise<void> {
		polling = true;
		try {
			while (waiting.size > 0) {
				await lookAtAll();
				if (waiting.size > 0) await sleepUnlessCancelled(context, untilNextLook());
			}
		} catch (error) {
			stop(error as Error);
		} finally {
			polling = false;
		}
	}

	function untilNextLook(): number {
		const deadline = Math.min(...[...waiting].map((one) => one.deadline));
		return Math.max(0, Math.min(settings.intervalMs, deadline - Date.now()));
	}

	async function lookAtAll(): Promise<void> {
		const all = [...waiting];
		const startedAt = Date.now();
		const left = Math.min(...all.map(({ deadline }) => deadline)) - startedAt;
		const timeoutMs = Math.min(LOOK_MS, Math.max(LAST_LOOK_MS, left));
		const seen = await lookAtTasks(context, [...new Set(all.map(({ id }) => id))], timeoutMs);
		for (const one of all) {
			const result = seen.get(one.id);
			if (result) judge(one, result);
			if (waiting.has(one) && startedAt >= one.deadline)
				settle(one, () => one.reject(timeoutError(context, one, settings.timeoutMs)));
		}
	}

	function judge(one: Waiting, result: Result<KlingTask>): void {
		if ('failure' in result) {
			one.failure = result.failure;
			if (!mayPass(one, result.failure))
				settle(one, () => one.reject(lookError(context, one.id, result.failure)));
			return;
		}
		const task = result.value;
		one.task = task;
		one.failure = undefined;
		if (!isFinal(task)) return;
		settle(one, () =>
			task.task_status === 'succeed'
				? one.resolve(task)
				: one.reject(failedTaskError(context, task)),
		);
	}

	function mayPass(one: Waiting, failure: KlingFailure): boolean {
		if (!isUnknownTask(failure)) return isPassing(failure);
		return one.task !== undefined || Date.now() - one.since < UNKNOWN_FOR_MS;
	}

	function settle(one: Waiting, how: () => void): void {
		// Stop may have settled it while the look was under way.
		if (waiting.delete(one)) how();
	}

	return { wait, stop };
}
