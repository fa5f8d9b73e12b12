import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { Outcome } from '../../../shared/client/payOnce';
import type { KlingTask } from '../../../shared/client/task';
import type { KlingFailure } from '../../../shared/transport/envelope';
import { klingError } from '../../../shared/transport/errors';

/** Codes that every further create would meet, too: keys, account, balance, rights, address. */
const FATAL = [1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304];

export function isFatal({ code = 0 }: KlingFailure): boolean {
	return FATAL.includes(code);
}

export function createError(
	context: IExecuteFunctions,
	{ failure, mayExist }: Extract<Outcome, { failure: KlingFailure }>,
	external_task_id: string | undefined,
): Error {
	const at = new Date().toISOString();
	const where = external_task_id
		? `look for it by the External ID ${external_task_id}`
		: `look with List Tasks for one made shortly before ${at}`;
	const advice = mayExist
		? `The task may have been made and charged all the same: ${where}, before you run this again.`
		: 'No task was made, and nothing was charged.';
	return klingError(context, failure, { action: 'create the task', advice });
}

export function notSentError(context: IExecuteFunctions, cause: Error): Error {
	return new NodeOperationError(context.getNode(), `Not sent, nothing charged: ${cause.message}`, {
		description: 'An earlier item met this error, and it would have met this one, too.',
	});
}

export function takenError(
	context: IExecuteFunctions,
	{ task_id, task_status }: KlingTask,
	external_task_id = '',
): Error {
	return new NodeOperationError(
		context.getNode(),
		`External Task ID "${external_task_id}" belongs to task ${task_id} already`,
		{
			description: `Its last status is "${task_status}". Nothing was made or charged. Give another External Task ID, or set If External ID Exists to Reuse Its Task. Task: ${task_id}`,
		},
	);
}

export function picturesGoneError(context: IExecuteFunctions, { task_id }: KlingTask): Error {
	return new NodeOperationError(
		context.getNode(),
		`Task ${task_id} has this External Task ID, but its pictures were deleted`,
		{
			description: `Kling deletes pictures after 30 days. Nothing was made or charged. Give another External Task ID to make the pictures anew. Task: ${task_id}`,
		},
	);
}

/** What was paid, by item, to stand behind the error that ends a batch. `open`: external ids of what may have been. */
export function paidReport(
	paid: ReadonlyMap<number, string>,
	open: ReadonlyMap<number, string | undefined>,
): string {
	const made = [...paid].map(([itemIndex, id]) => `${id} (item ${itemIndex})`);
	const unsure = [...open].map(
		([itemIndex, id]) => `${id ?? 'no External ID'} (item ${itemIndex})`,
	);
	return [
		made.length > 0
			? `Made all the same: ${made.join(', ')}. They stay paid: Retry On Fail reuses them, and Wait for Task puts them out.`
			: [],
		unsure.length > 0
			? `Sent without an answer, so perhaps made and paid; look for them by External ID: ${unsure.join(', ')}.`
			: [],
		made.length + unsure.length === 0 ? 'No task was made.' : [],
	]
		.flat()
		.join(' ');
}
