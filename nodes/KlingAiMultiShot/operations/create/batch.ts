import { factsOf } from '../../../shared/client/facts';
import { openCapacityQueue } from '../../../shared/client/capacityQueue';
import { makeExternalId } from '../../../shared/client/externalId';
import type { Origin, Outcome } from '../../../shared/client/payment';
import { payOnce, type Creating } from '../../../shared/client/payOnce';
import { spendingLimit } from '../../../shared/client/spendingLimit';
import type { KlingTask } from '../../../shared/client/task';
import { readNumber } from '../../../shared/input/numberOption';
import { limiter } from '../../../shared/lib/limiter';
import type { Run } from '../../../shared/run/operation';
import { childController } from '../../../shared/transport/cancel';
import { isFatal } from '../../../shared/transport/retry';
import { checkInputs } from './checkInputs';
import { capacityTimeout, maxConcurrent, maxNewTasks } from './fields';
import type { CreateInput } from './input';
import { openLedger, type Ledger } from './report';
import { placeOf } from './place';
import { taskOrError } from './outcome';
import { hintFor } from './hint';

export interface Created {
	task: KlingTask;
	origin: Origin;
	/** The image's address, where it was given as one. */
	front_image_url?: string | undefined;
}

export interface Batch {
	/** @throws NodeOperationError that says what was charged for this item */
	create: (itemIndex: number) => Promise<Created>;
	/** Kling calls this execution back for the task. */
	isCalledBack: (created: Created) => boolean;
	report: Ledger['report'];
	hint: () => string | undefined;
}

export interface BatchOptions {
	/** What Kling is to call instead of the user's Callback URL. */
	resumeUrl?: string | undefined;
	/** A reused task that had failed before is output, and not an error. */
	failedIsData?: boolean;
}

/**
 * Checks all items, then creates side by side. After a fatal error, one that every item would meet, nothing more is sent.
 * @throws NodeOperationError for the first item that is refused, before anything is charged, unless the user chose to continue
 */
export async function startBatch(run: Run, options: BatchOptions): Promise<Batch> {
	const { context, kling, execution } = run;
	const nodeId = context.getNode().id;
	const limited = limiter(readNumber(context, maxConcurrent));
	const queueMs = readNumber(context, capacityTimeout) * 1000;
	const limit = spendingLimit(execution, nodeId, readNumber(context, maxNewTasks));
	// Its own: under Continue On Fail a fatal error ends the creates, and tasks that exist are still waited for.
	const creates = childController(run.signal);
	const creating: Creating = {
		api: kling.multiShot,
		account: kling.account,
		execution,
		facts: factsOf(kling.account),
		queue: openCapacityQueue(kling.multiShot, creates.signal, queueMs),
		limit,
		signal: creates.signal,
	};
	const inputs = await checkInputs(run, creating, options.resumeUrl);
	const ledger = openLedger(inputs.length);
	const called = new Set<string>();

	async function create(itemIndex: number): Promise<Created> {
		const input = inputs[itemIndex];
		if (!input || input instanceof Error) throw input ?? new Error(`There is no item ${itemIndex}`);
		const result = await limited(async () => await createOne(itemIndex, input));
		if (result instanceof Error) throw result;
		return { ...result, front_image_url: input.image.front_image_url };
	}

	/** An error that ends the creates does so before the limiter lets the next item in. */
	async function createOne(
		itemIndex: number,
		input: CreateInput,
	): Promise<{ task: KlingTask; origin: Origin } | Error> {
		const { outcome, id } = await order(run, creating, itemIndex, input);
		ledger.note(itemIndex, outcome, id);
		if (outcome.is === 'task' && outcome.origin !== 'foreign') called.add(outcome.task.task_id);
		const checked = { outcome, input, external_task_id: id, max: limit.max };
		const result = taskOrError(context, checked, options);
		const isFailed = result instanceof Error;
		const isLast = outcome.is === 'failed' && isFatal(outcome.failure);
		if (isFailed && (isLast || !context.continueOnFail())) creates.abort(result);
		return result;
	}

	return {
		create,
		isCalledBack: ({ task }) => called.has(task.task_id),
		report: ledger.report,
		hint: () => hintFor(ledger.count()),
	};
}

/** Sends one item's create, unless its task exists. Never throws, except where the image cannot be loaded. */
async function order(
	{ context, execution }: Run,
	creating: Creating,
	itemIndex: number,
	input: CreateInput,
): Promise<{ outcome: Outcome; id: string | undefined }> {
	const { signal } = creating;
	if (signal.aborted)
		return {
			outcome: { is: 'stopped', reason: signal.reason as Error, mayExist: false },
			id: undefined,
		};
	const element_frontal_image = await input.image.load();
	const place = placeOf(context, itemIndex, element_frontal_image);
	const id = idFor(creating, input, place);
	const isRemembered = place !== undefined && input.reuseTaskOnRetry && id !== undefined;
	if (isRemembered) execution.sentIds.set(place, id);
	const body = {
		element_frontal_image,
		...(input.callback_url && { callback_url: input.callback_url }),
		...(id && { external_task_id: id }),
	};
	const isOwnId = input.external_task_id !== '';
	const outcome = await payOnce(creating, { body, place: place ?? '', isOwnId });
	if (isRemembered && !isSent(outcome)) execution.sentIds.delete(place);
	return { outcome, id };
}

/** A retry sends the id of the try before it, whatever its expressions say now. */
function idFor(
	{ execution }: Creating,
	{ external_task_id, reuseTaskOnRetry }: CreateInput,
	place: string | undefined,
): string | undefined {
	if (place === undefined || !reuseTaskOnRetry) return external_task_id || undefined;
	return execution.sentIds.get(place) ?? (external_task_id || makeExternalId(place));
}

function isSent(outcome: Outcome): boolean {
	return (
		outcome.is === 'task' || outcome.is === 'inDoubt' || ('mayExist' in outcome && outcome.mayExist)
	);
}
