import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { isUnknownTask, lookAtTask } from '../client/multiShot';
import { isFinal, type KlingTask } from '../client/task';
import type { KlingFailure } from '../transport/answer';
import { klingError } from '../transport/errors';
import { isPassing } from '../transport/retry';
import { sleepUnlessCancelled } from '../transport/sleep';

export interface PollSettings {
	timeoutMs: number;
	intervalMs: number;
}

/** Resolves with the task that has succeeded. Rejects with an error that names the task for a failed task, the time limit and Stop. */
export type WaitForTask = (id: string, known?: KlingTask) => Promise<KlingTask>;

interface Waiting {
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

const LOOKS_SIDE_BY_SIDE = 10;
/** A look at the time limit is given this long. */
const LAST_LOOK_MS = 5_000;
const LOOK_MS = 30_000;
/** Kling may show a new task some seconds after its making. */
const UNKNOWN_FOR_MS = 10_000;

/** One loop looks at the tasks of all items: at once, then at each interval, and a last time at the time limit. */
export function startPolling(context: IExecuteFunctions, settings: PollSettings): WaitForTask {
	const waiting = new Set<Waiting>();
	let polling = false;

	return async (id, known) =>
		await new Promise((resolve, reject) => {
			const since = Date.now();
			const deadline = since + settings.timeoutMs;
			waiting.add({ id, task: known, failure: undefined, since, deadline, resolve, reject });
			if (!polling) void poll();
		});

	async function poll(): Promise<void> {
		polling = true;
		try {
			while (waiting.size > 0) {
				await lookAtAll();
				if (waiting.size > 0) await sleepUnlessCancelled(context, untilNextLook());
			}
		} catch (error) {
			for (const one of waiting) settle(one, () => one.reject(error as Error));
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
		for (let first = 0; first < all.length; first += LOOKS_SIDE_BY_SIDE)
			await Promise.all(all.slice(first, first + LOOKS_SIDE_BY_SIDE).map(lookAt));
	}

	async function lookAt(one: Waiting): Promise<void> {
		const atLimit = Date.now() >= one.deadline;
		const left = one.deadline - Date.now();
		const timeoutMs = Math.min(LOOK_MS, Math.max(LAST_LOOK_MS, left));
		const result = await lookAtTask(context, one.id, timeoutMs);
		if ('value' in result) {
			one.task = result.value;
			one.failure = undefined;
			if (isFinal(one.task)) return finish(one, one.task);
		} else {
			one.failure = result.failure;
			if (!mayPass(one, result.failure))
				return settle(one, () => one.reject(lookError(one, result.failure)));
		}
		if (atLimit) settle(one, () => one.reject(timeoutError(one)));
	}

	function mayPass(one: Waiting, failure: KlingFailure): boolean {
		if (!isUnknownTask(failure)) return isPassing(failure);
		return one.task !== undefined || Date.now() - one.since < UNKNOWN_FOR_MS;
	}

	function finish(one: Waiting, task: KlingTask): void {
		settle(one, () =>
			task.task_status === 'succeed' ? one.resolve(task) : one.reject(failedError(task)),
		);
	}

	function settle(one: Waiting, how: () => void): void {
		waiting.delete(one);
		how();
	}

	function lookError(one: Waiting, failure: KlingFailure): Error {
		return klingError(context, failure, { action: 'get task', task: one.id });
	}

	function failedError(task: KlingTask): Error {
		return new NodeOperationError(
			context.getNode(),
			`Task ${task.task_id} failed: ${task.task_status_msg || 'Kling gave no reason'}`,
			{
				description: `Kling's last status is "failed". Failed tasks cannot be resumed: mend what Kling names, then create a new task. Task: ${task.task_id}`,
			},
		);
	}

	function timeoutError(one: Waiting): Error {
		const status = one.task
			? `the last status is "${one.task.task_status}"`
			: 'it was not seen yet';
		const reason = one.failure ? ` The last look failed: ${one.failure.message}.` : '';
		return new NodeOperationError(
			context.getNode(),
			`Task ${one.id} was not finished within ${settings.timeoutMs / 1000} s: ${status}`,
			{
				description: `The task goes on at Kling and stays paid.${reason} Wait for it again with Wait for Task, or raise the Timeout. Task: ${one.id}`,
			},
		);
	}
}
