import type { IExecuteFunctions } from 'n8n-workflow';
import { lookAtTasks } from '../client/readTasks';
import { isUnknownTask, type Result } from '../client/endpoints';
import { isFinal, type KlingTask } from '../client/task';
import type { KlingFailure } from '../transport/envelope';
import { againAfter } from '../transport/retry';
import { sleepUnlessCancelled } from '../transport/cancel';
import { failedTaskError, lookError, timeoutError } from './errors';
import type { WaitSettings } from './settings';

export interface Waited {
	task: KlingTask;
	/** False where the time limit came first. */
	completed: boolean;
}

export interface Polling {
	/**
	 * Waits for the end of a task. Rejects with an error that names it, for Stop, and for a failed task and the
	 * time limit where the settings say so.
	 * @param known what the answer to a create said
	 */
	wait: (id: string, known?: KlingTask) => Promise<Waited>;
	/** Ends all waits with this error. */
	stop: (error: Error) => void;
	/** Tells in the panel how long it took. */
	hint: () => void;
}

export interface Waiting {
	id: string;
	/** What was seen last. */
	task: KlingTask | undefined;
	failure: KlingFailure | undefined;
	/** Unix milliseconds. */
	since: number;
	deadline: number;
	resolve: (waited: Waited) => void;
	reject: (error: Error) => void;
}

/** A look at the time limit is given this long. */
const LAST_LOOK_MS = 5_000;
const LOOK_MS = 30_000;
/** Kling may show a new task some seconds after its making. */
const UNKNOWN_FOR_MS = 10_000;
/** The pauses grow by this, to so many times the first one, give or take a tenth. */
const [GROWTH, MOST_GROWTH, JITTER] = [1.2, 3, 0.1];

/** One loop looks at the tasks of all items: at once, then after each pause, and a last time at the time limit. */
export function startPolling(context: IExecuteFunctions, settings: WaitSettings): Polling {
	const waiting = new Set<Waiting>();
	const startedAt = Date.now();
	let waits = 0;
	let rounds = 0;
	let polling = false;

	async function wait(id: string, known?: KlingTask): Promise<Waited> {
		waits++;
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

	function hint(): void {
		if (rounds < 2) return;
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		const tasks = waits === 1 ? '1 task' : `${waits} tasks`;
		context.addExecutionHints({
			location: 'outputPane',
			message: `Waited ${seconds} s for ${tasks} and looked ${rounds} times.`,
		});
	}

	async function poll(): Promise<void> {
		polling = true;
		try {
			// The other items' waits begin in this same turn: the first look is at all of them.
			await Promise.resolve();
			while (waiting.size > 0) {
				await lookAtAll();
				rounds++;
				context.logger.debug(
					`${context.getNode().name}: look ${rounds}, ${waiting.size} of ${waits} tasks unfinished`,
				);
				if (waiting.size > 0) await sleepUnlessCancelled(context, untilNextLook());
			}
		} catch (error) {
			stop(error as Error);
		} finally {
			polling = false;
		}
	}

	function untilNextLook(): number {
		const growth = Math.min(GROWTH ** (rounds - 1), MOST_GROWTH);
		const jitter = 1 - JITTER + 2 * JITTER * Math.random();
		const deadline = Math.min(...[...waiting].map((one) => one.deadline));
		return Math.max(0, Math.min(settings.intervalMs * growth * jitter, deadline - Date.now()));
	}

	async function lookAtAll(): Promise<void> {
		const all = [...waiting];
		const left = Math.min(...all.map(({ deadline }) => deadline)) - Date.now();
		const timeoutMs = Math.min(LOOK_MS, Math.max(LAST_LOOK_MS, left));
		const seen = await lookAtTasks(context, [...new Set(all.map(({ id }) => id))], timeoutMs);
		for (const one of all) {
			const result = seen.get(one.id);
			if (result) judge(one, result);
			if (waiting.has(one) && Date.now() >= one.deadline) end(one);
		}
	}

	function judge(one: Waiting, result: Result<KlingTask>): void {
		if ('failure' in result) {
			if (!mayPass(one, result.failure))
				settle(one, () => one.reject(lookError(context, one.id, result.failure)));
			one.failure = result.failure;
			return;
		}
		const task = result.value;
		one.task = task;
		one.failure = undefined;
		if (!isFinal(task)) return;
		const isError = task.task_status === 'failed' && settings.onFailedTask === 'error';
		settle(one, () =>
			isError ? one.reject(failedTaskError(context, task)) : one.resolve({ task, completed: true }),
		);
	}

	function mayPass(one: Waiting, failure: KlingFailure): boolean {
		const again = againAfter(failure);
		if (again === 'resign') return !one.failure || againAfter(one.failure) !== 'resign';
		if (!isUnknownTask(failure)) return again !== 'never';
		return one.task !== undefined || Date.now() - one.since < UNKNOWN_FOR_MS;
	}

	/** At the time limit. A task that was never seen is no data. */
	function end(one: Waiting): void {
		const { id, task, failure } = one;
		settle(one, () => {
			if (task && settings.onTimeout === 'output') one.resolve({ task, completed: false });
			else if (!task && failure) one.reject(lookError(context, id, failure));
			else one.reject(timeoutError(context, one, settings.timeoutMs));
		});
	}

	function settle(one: Waiting, how: () => void): void {
		// Stop may have settled it while the look was under way.
		if (waiting.delete(one)) how();
	}

	return { wait, stop, hint };
}
