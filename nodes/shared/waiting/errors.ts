import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import type { KlingFailure } from '../transport/envelope';
import { describeFailure, klingError } from '../transport/errors';
import type { Waiting } from './poll';

export function lookError(context: IExecuteFunctions, id: string, failure: KlingFailure): Error {
	return klingError(context, failure, { action: 'get task', task: id });
}

export function failedTaskError(context: IExecuteFunctions, task: KlingTask): Error {
	return new NodeOperationError(
		context.getNode(),
		`Task ${task.task_id} failed: ${task.task_status_msg || 'Kling gave no reason'}`,
		{
			description: `The last status is "failed", which is final. Mend what Kling names, then create a new task. Task: ${task.task_id}`,
		},
	);
}

export function timeoutError(
	context: IExecuteFunctions,
	{ id, task, failure }: Waiting,
	timeoutMs: number,
): Error {
	const status = task ? `the last status is "${task.task_status}"` : 'it was not seen yet';
	const reason = failure ? ` The last look failed: ${describeFailure(failure)}` : '';
	return new NodeOperationError(
		context.getNode(),
		`Task ${id} was not finished within ${timeoutMs / 1000} s: ${status}`,
		{
			description: `The task goes on at Kling and stays paid.${reason} Wait for it again with Wait for Task, or raise the Timeout. Task: ${id}`,
		},
	);
}
