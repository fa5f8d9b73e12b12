import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import { describeFailure, inLines, klingError } from '../run/klingError';
import type { Words } from '../run/words';
import type { KlingFailure } from '../transport/failure';

export function checkError(context: IExecuteFunctions, id: string, failure: KlingFailure): Error {
	return klingError(context, failure, { action: `get task ${id}`, task: id });
}

export function failedTaskError(
	context: IExecuteFunctions,
	task: KlingTask,
	{ noun }: Words,
): Error {
	return new NodeOperationError(
		context.getNode(),
		`Task ${task.task_id} failed: ${whyFailed(task)}`,
		{
			description: `Fix the problem that Kling reports, then create a new ${noun}.`,
		},
	);
}

export function whyFailed({ task_status_msg }: KlingTask): string {
	return typeof task_status_msg === 'string' && task_status_msg !== ''
		? task_status_msg
		: 'Kling gave no reason';
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
	const status = task ? `the last status is "${task.task_status}"` : 'it was never seen';
	return new NodeOperationError(
		context.getNode(),
		`Task ${id} did not finish within ${timeoutMs / 1000} s: ${status}`,
		{
			description: inLines(
				afterTimeout,
				failure && `The last check failed: ${describeFailure(failure)}`,
				task === undefined || task.task_id === id ? undefined : `Task: ${task.task_id}`,
			),
		},
	);
}
