import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import { describeFailure, inLines, klingError } from '../run/klingError';
import type { Words } from '../run/words';
import type { KlingFailure } from '../transport/failure';

/** @param id as the user named the task; its own id is added if that is another */
export function checkError(
	context: IExecuteFunctions,
	{ id, task }: Pick<TimedOut, 'id' | 'task'>,
	failure: KlingFailure,
): Error {
	return klingError(context, failure, { action: `get task ${id}`, task: otherId(id, task) });
}

function otherId(id: string, task: KlingTask | undefined): string | undefined {
	return task === undefined || task.task_id === id ? undefined : task.task_id;
}

export function failedTaskError(
	context: IExecuteFunctions,
	task: KlingTask,
	{ noun }: Words,
): Error {
	return new NodeOperationError(
		context.getNode(),
		`Task ${task.task_id} failed: ${whyFailed(task)}`,
		{ description: afterFailure(task, `create a new ${noun}`) },
	);
}

export function whyFailed(task: KlingTask): string {
	return reasonIn(task) ?? 'Kling gave no reason';
}

/** What to do about a failed task. @param next the last step, such as "create a new task" */
export function afterFailure(task: KlingTask, next: string): string {
	if (reasonIn(task) !== undefined) return `Fix the problem that Kling reports, then ${next}.`;
	return `${next.charAt(0).toUpperCase()}${next.slice(1)}. If that fails, too, use another image.`;
}

function reasonIn({ task_status_msg }: KlingTask): string | undefined {
	return typeof task_status_msg === 'string' && task_status_msg !== ''
		? task_status_msg
		: undefined;
}

export interface TimedOut {
	id: string;
	/** As it was seen last. */
	task: KlingTask | undefined;
	/** Of the last check. */
	failure: KlingFailure | undefined;
}

export function timeoutError(
	context: IExecuteFunctions,
	{ id, task, failure }: TimedOut,
	timeoutMs: number,
	{ afterTimeout }: Words,
): Error {
	const status = task ? `its last status is "${task.task_status}"` : 'Kling never showed it';
	const seconds = timeoutMs / 1000;
	return new NodeOperationError(
		context.getNode(),
		`Task ${id} did not finish within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}: ${status}`,
		{
			description: inLines(
				// Nobody knows whether a task that was never seen continues.
				task ? afterTimeout : 'Check the ID and the connection, or raise the Timeout.',
				failure && `The last check failed: ${describeFailure(failure)}`,
				otherId(id, task) && `Task: ${otherId(id, task)}`,
			),
		},
	);
}
