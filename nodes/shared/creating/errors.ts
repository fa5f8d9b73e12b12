import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { hasCharges, type Charges } from '../client/charges';
import type { KlingTask } from '../client/task';
import { inLines, klingError } from '../run/klingError';
import { isoTime } from '../lib/values';
import type { Words } from '../run/words';
import type { KlingFailure } from '../transport/failure';
import { afterFailure, whyFailed } from '../waiting/errors';
import { earlierTries, nothingCharged } from './earlierCharges';

/** What to do where a task may exist that nobody has seen. */
function mayExistAdvice(
	{ noun, getOperation, listOperation }: Words,
	external_task_id: string | undefined,
): string {
	const where = external_task_id
		? `with ${getOperation}, by the External ID ${external_task_id}`
		: `with ${listOperation}, created shortly before ${new Date().toISOString()}`;
	return `The ${noun} may have been created and charged. Before you run this again, look for it ${where}.`;
}

export function createError(
	context: IExecuteFunctions,
	words: Words,
	{ failure, mayExist, earlier }: { failure: KlingFailure; mayExist: boolean; earlier: Charges },
	external_task_id: string | undefined,
): Error {
	const action = `create the ${words.noun}`;
	if (!mayExist)
		return klingError(context, failure, { action, charge: nothingCharged(words, earlier) });
	return klingError(context, failure, {
		action,
		advice: mayExistAdvice(words, external_task_id),
		charge: earlierTries(words, earlier),
	});
}

export function inDoubtError(
	context: IExecuteFunctions,
	words: Words,
	external_task_id: string | undefined,
): Error {
	return new NodeOperationError(
		context.getNode(),
		`An earlier try got no answer, and its ${words.noun} cannot be found`,
		{ description: mayExistAdvice(words, external_task_id) },
	);
}

/** Nothing of this item was sent, since an earlier error ended all creates. */
export function notSentError(
	context: IExecuteFunctions,
	words: Words,
	cause: Error,
	earlier: Charges,
): Error {
	return new NodeOperationError(context.getNode(), `Not sent: ${cause.message}`, {
		description: inLines(
			'Another item got this error, so the node did not send this one.',
			nothingCharged(words, earlier),
		),
	});
}

export function stoppedInDoubtError(
	context: IExecuteFunctions,
	words: Words,
	cause: Error,
	external_task_id: string | undefined,
): Error {
	return new NodeOperationError(context.getNode(), cause.message, {
		description: mayExistAdvice(words, external_task_id),
	});
}

export function limitError(
	context: IExecuteFunctions,
	words: Words,
	max: number,
	earlier: Charges,
): Error {
	return new NodeOperationError(context.getNode(), `Not sent: Max New Tasks is ${max}`, {
		description: inLines(
			'Raise it in the Options, or set it to 0 for no limit.',
			nothingCharged(words, earlier),
		),
	});
}

export function overLimitError(
	context: IExecuteFunctions,
	words: Words,
	{ wanted, left, max, earlier }: { wanted: number; left: number; max: number; earlier: Charges },
): Error {
	return new NodeOperationError(
		context.getNode(),
		`Max New Tasks is ${max}: ${wanted} new ${wanted === 1 ? 'task is' : 'tasks are'} needed, and ${left} ${left === 1 ? 'is' : 'are'} left`,
		{
			description: inLines(
				'Pass fewer items, raise the limit in the Options, or set it to 0 for no limit.',
				hasCharges(earlier)
					? `This try has sent nothing. ${earlierTries(words, earlier)}`
					: 'Nothing was sent or charged.',
			),
		},
	);
}

export function takenError(
	context: IExecuteFunctions,
	words: Words,
	{
		task,
		external_task_id,
		earlier,
	}: { task: KlingTask; external_task_id: string; earlier: Charges },
): Error {
	const { task_id, task_status } = task;
	return new NodeOperationError(
		context.getNode(),
		`External Task ID "${external_task_id}" already belongs to task ${task_id}`,
		{
			description: inLines(
				`The task's status is "${task_status}". Use another External Task ID, or set If External ID Exists to Reuse Its Task.`,
				nothingCharged(words, earlier),
			),
		},
	);
}

/** The existing task had already failed, so reusing it would only report that failure again. */
export function failedBeforeError(
	context: IExecuteFunctions,
	words: Words,
	{
		task,
		userExternalId,
		earlier,
	}: { task: KlingTask; userExternalId: string | undefined; earlier: Charges },
): Error {
	const { noun } = words;
	const { task_id, created_at } = task;
	const created = created_at === undefined ? undefined : isoTime(created_at);
	const when = created === undefined ? '' : `, created ${created},`;
	const whose =
		userExternalId === undefined
			? 'of an earlier try'
			: `with External Task ID "${userExternalId}"`;
	return new NodeOperationError(
		context.getNode(),
		`Task ${task_id} ${whose}${when} failed: ${whyFailed(task)}`,
		{
			description: inLines(
				userExternalId === undefined
					? `A retry creates no new ${noun}. ${afterFailure(task, 'run the workflow again')}`
					: afterFailure(task, `use another External Task ID to create a new ${noun}`),
				hasCharges(earlier)
					? nothingCharged(words, earlier)
					: `No new ${noun} was created or charged for ${words.target}.`,
			),
		},
	);
}

/**
 * @param of what the id should identify; `first`: the earlier item with the same id
 * @param charge what was charged for the item
 */
export function sharedIdError(
	context: IExecuteFunctions,
	{ noun }: Words,
	{ external_task_id, of, first }: { external_task_id: string; of: string; first: number },
	charge: string,
): Error {
	return new NodeOperationError(
		context.getNode(),
		`External Task ID "${external_task_id}" is used for two different ${of}s`,
		{
			description: inLines(
				`Item ${first} has the same ID and another ${of}. One ID stands for one ${noun}: give each ${of} its own.`,
				charge,
			),
		},
	);
}
