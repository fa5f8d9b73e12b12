import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask } from '../../../shared/client/task';
import { inLines, klingError } from '../../../shared/run/klingError';
import type { KlingFailure } from '../../../shared/transport/failure';
import { whyFailed } from '../../../shared/waiting/errors';

export const NOT_CHARGED = 'Not created, not charged.';

/** What to do where a task may exist that nobody has seen. */
export function mayExistAdvice(external_task_id: string | undefined): string {
	const where = external_task_id
		? `by the External ID ${external_task_id}`
		: `with List Tasks, created shortly before ${new Date().toISOString()}`;
	return `The task may have been created and charged. Look for it ${where} before you run this again.`;
}

export function createError(
	context: IExecuteFunctions,
	{ failure, mayExist }: { failure: KlingFailure; mayExist: boolean },
	external_task_id: string | undefined,
): Error {
	return klingError(context, failure, {
		action: 'create the task',
		charge: mayExist ? mayExistAdvice(external_task_id) : NOT_CHARGED,
	});
}

export function inDoubtError(
	context: IExecuteFunctions,
	external_task_id: string | undefined,
): Error {
	return new NodeOperationError(
		context.getNode(),
		'An earlier try was sent without an answer, and its task cannot be found',
		{ description: mayExistAdvice(external_task_id) },
	);
}

/** Nothing of this item was sent, since an earlier error ended all creates. */
export function notSentError(context: IExecuteFunctions, cause: Error): Error {
	return new NodeOperationError(context.getNode(), `Not created, not charged: ${cause.message}`, {
		description: 'Another item met this error, and this item would have met it, too.',
	});
}

export function stoppedInDoubtError(
	context: IExecuteFunctions,
	cause: Error,
	external_task_id: string | undefined,
): Error {
	return new NodeOperationError(context.getNode(), cause.message, {
		description: mayExistAdvice(external_task_id),
	});
}

export function limitError(context: IExecuteFunctions, max: number): Error {
	return new NodeOperationError(
		context.getNode(),
		`Not created, not charged: limit of ${max} new ${max === 1 ? 'task' : 'tasks'}`,
		{ description: 'Raise Max New Tasks in the Options, or set it to 0 for no limit.' },
	);
}

export function overLimitError(
	context: IExecuteFunctions,
	{ wanted, left, max }: { wanted: number; left: number; max: number },
): Error {
	return new NodeOperationError(
		context.getNode(),
		`Max New Tasks is ${max}, and ${left} are left: ${wanted} new tasks would be charged`,
		{
			description: inLines(
				'Pass fewer items, raise Max New Tasks in the Options, or set it to 0 for no limit.',
				'Nothing was sent or charged.',
			),
		},
	);
}

export function takenError(
	context: IExecuteFunctions,
	{ task_id, task_status }: KlingTask,
	external_task_id = '',
): Error {
	return new NodeOperationError(
		context.getNode(),
		`External Task ID "${external_task_id}" already belongs to task ${task_id}`,
		{
			description: inLines(
				`The task's status is "${task_status}". Use another External Task ID, or set If External ID Exists to Reuse Its Task.`,
				NOT_CHARGED,
			),
		},
	);
}

export function imagesGoneError(context: IExecuteFunctions, { task_id }: KlingTask): Error {
	return new NodeOperationError(
		context.getNode(),
		`Task ${task_id} has this External Task ID, but its images were deleted`,
		{
			description: inLines(
				'Kling deletes images after 30 days. Use another External Task ID to create new ones.',
				NOT_CHARGED,
			),
		},
	);
}

/** The task that was found had failed already, so that this run would only repeat its end. */
export function failedBeforeError(
	context: IExecuteFunctions,
	task: KlingTask,
	ownId: string | undefined,
): Error {
	const { task_id, created_at } = task;
	const when = created_at === undefined ? '' : `, created ${new Date(created_at).toISOString()},`;
	const whose = ownId === undefined ? 'of an earlier try' : `with External Task ID "${ownId}"`;
	return new NodeOperationError(
		context.getNode(),
		`Task ${task_id} ${whose}${when} failed: ${whyFailed(task)}`,
		{
			description: inLines(
				ownId === undefined
					? 'A retry does not create a new task. Fix the problem that Kling reports and run the workflow again.'
					: 'Fix the problem that Kling reports, and use another External Task ID to create a new task.',
				'No new task was created or charged.',
			),
		},
	);
}

export function otherImageError(
	context: IExecuteFunctions,
	external_task_id: string,
	itemIndex: number,
): Error {
	return new NodeOperationError(
		context.getNode(),
		`External Task ID "${external_task_id}" is used for two different images`,
		{
			description: inLines(
				`Item ${itemIndex} has the same ID and another image. One ID stands for one task: give each image its own.`,
				NOT_CHARGED,
			),
		},
	);
}
