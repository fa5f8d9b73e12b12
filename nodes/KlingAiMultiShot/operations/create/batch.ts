import type { IExecuteFunctions } from 'n8n-workflow';
import { createOnce, type CreateOnce, type Outcome } from '../../../shared/client/payOnce';
import { createQueue } from '../../../shared/client/capacityQueue';
import type { CreateBody } from '../../../shared/client/endpoints';
import type { KlingTask } from '../../../shared/client/task';
import { isLocal } from '../../../shared/transport/baseUrl';
import {
	createError,
	isFatal,
	notSentError,
	paidReport,
	picturesGoneError,
	takenError,
} from './errors';
import { readCreateInput, type CreateInput } from './input';
import { capacityTimeout, maxConcurrent } from './fields';
import { makeExternalId } from '../../../shared/client/externalId';
import { ofItem } from '../../../shared/run/itemError';
import { limiter } from '../../../shared/lib/limiter';
import { readNumber } from '../../../shared/input/numberOption';
import { picturesExpireAt } from '../../../shared/output/task';

export interface Made {
	task: KlingTask;
	/** It had been made before. */
	reused: boolean;
	/** Not by this execution, which is therefore not called back. */
	elsewhere: boolean;
}

export interface Creating {
	create: (itemIndex: number) => Promise<Made>;
	stop: (error: Error) => void;
	report: () => string;
}

const CHECKS_SIDE_BY_SIDE = 5;
const OLD_MS = 60 * 60 * 1000;

/**
 * Checks all items, then creates side by side. After a fatal error, one that would meet every item, nothing more is sent.
 * @throws NodeOperationError for the first item that is refused, before anything is paid, unless the user chose to continue
 * @param resumeUrl what Kling is to call instead of the user's Callback URL
 */
export async function startCreating(
	context: IExecuteFunctions,
	baseUrl: string,
	resumeUrl?: string,
): Promise<Creating> {
	const limited = limiter(readNumber(context, maxConcurrent));
	const queue = createQueue(context, readNumber(context, capacityTimeout) * 1000);
	const run: CreateOnce = {
		context,
		queue,
		evidence: { known: queue.accepted },
		executionId: context.getExecutionId(),
		account: `${context.getNode().credentials?.klingApi?.id} ${baseUrl}`,
	};
	const inputs = await checkAll(context, isLocal(baseUrl), resumeUrl);
	const paid = new Map<number, string>();
	/** By item, the external ids of creates whose answer is not known, or not yet. */
	const open = new Map<number, string | undefined>();
	let stopped: Error | undefined;
	let hinted = false;

	async function create(itemIndex: number): Promise<Made> {
		const input = inputs[itemIndex];
		if (!input || input instanceof Error) throw input ?? new Error(`There is no item ${itemIndex}`);
		return await limited(async () => {
			if (stopped) throw notSentError(context, stopped);
			const body = await bodyOf(context, itemIndex, input);
			const outcome = await createOnce(run, body, {
				lookFirst: input.external_task_id !== '',
				onOpen(isOpen) {
					if (isOpen) open.set(itemIndex, body.external_task_id);
					else open.delete(itemIndex);
				},
			});
			if (!('failure' in outcome)) open.delete(itemIndex);
			return judge(itemIndex, input, outcome, body.external_task_id);
		});
	}

	function judge(
		itemIndex: number,
		input: CreateInput,
		outcome: Outcome,
		external_task_id: string | undefined,
	): Made {
		if ('failure' in outcome) {
			const error = createError(context, outcome, external_task_id);
			if (isFatal(outcome.failure) || !context.continueOnFail()) stop(error);
			throw error;
		}
		if ('taken' in outcome && input.ifExternalIdExists === 'error')
			throw takenError(context, outcome.taken, external_task_id);
		const task = 'taken' in outcome ? outcome.taken : outcome.created;
		const reused = 'taken' in outcome || outcome.reused;
		if (reused) checkAge(task);
		paid.set(itemIndex, task.task_id);
		return { task, reused, elsewhere: 'taken' in outcome };
	}

	function checkAge(task: KlingTask): void {
		if ((picturesExpireAt(task) ?? Infinity) < Date.now()) throw picturesGoneError(context, task);
		const age = Date.now() - (task.created_at ?? Date.now());
		if (age < OLD_MS || hinted) return;
		hinted = true;
		context.addExecutionHints({
			location: 'outputPane',
			message: `Task ${task.task_id} was made ${Math.round(age / OLD_MS)} h ago and is reused, at no cost. Items with such a task say "reused": true.`,
		});
	}

	function stop(error: Error): void {
		stopped ??= error;
	}

	return { create, stop, report: () => paidReport(paid, open) };
}

/** Without Continue On Fail the first refused item ends it here, before anything is paid. */
async function checkAll(
	context: IExecuteFunctions,
	klingIsLocal: boolean,
	resumeUrl: string | undefined,
): Promise<Array<CreateInput | Error>> {
	const limited = limiter(CHECKS_SIDE_BY_SIDE);
	const inputs = await Promise.all(
		context.getInputData().map(
			async (_item, itemIndex) =>
				await limited(async () => {
					try {
						return await readCreateInput(context, itemIndex, klingIsLocal, resumeUrl);
					} catch (error) {
						return ofItem(context, error, itemIndex);
					}
				}),
		),
	);
	const refused = inputs.find((input) => input instanceof Error);
	if (refused && !context.continueOnFail()) throw refused;
	return inputs;
}

async function bodyOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ givePicture, callback_url, external_task_id, reuseTaskOnRetry }: CreateInput,
): Promise<CreateBody> {
	const element_frontal_image = await givePicture();
	const id =
		external_task_id ||
		(reuseTaskOnRetry ? makeExternalId(context, itemIndex, element_frontal_image) : undefined);
	return {
		element_frontal_image,
		...(callback_url && { callback_url }),
		...(id && { external_task_id: id }),
	};
}
