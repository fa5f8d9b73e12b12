import { openCapacityQueue } from '../client/capacityQueue';
import {
	chargesAt,
	NO_CHARGES,
	rememberCharges,
	withOrigin,
	type Charges,
} from '../client/charges';
import { generateExternalId } from '../client/externalId';
import { factsOf } from '../client/facts';
import { mayExist, type Origin, type Outcome } from '../client/payment';
import type { Creating } from '../client/createContext';
import { payOnce } from '../client/payOnce';
import { spendingLimit } from '../client/spendingLimit';
import type { KlingTask } from '../client/task';
import type { TaskApi } from '../client/taskApi';
import { readNumber } from '../input/numberOption';
import { limiter } from '../lib/limiter';
import { addHint } from '../run/hint';
import type { Run } from '../run/operation';
import { childController } from '../transport/abort';
import { isFatal } from '../transport/retry';
import { checkLimit } from './checkLimit';
import { earlierOfItem, earlierOfOrder, notLoadedError } from './earlierCharges';
import { emptyIdHint, hintFor } from './hint';
import { capacityTimeout, maxConcurrent, maxNewTasks } from './options';
import { wordsFor, type Order } from './order';
import { decide, type Product } from './decide';
import { placeOf } from './place';
import { openLedger, type Ledger } from './ledger';

export interface Created {
	task: KlingTask;
	origin: Origin;
}

/** The creates of one run: side by side, each paid once. After a fatal error, one that every order would meet, nothing more is sent. */
export interface Batch {
	/**
	 * All orders, before the first is created.
	 * @throws NodeOperationError if more new tasks would be created than the limit allows
	 */
	plan: (orders: Order[]) => void;
	/** @throws NodeOperationError that says what was charged for this order */
	create: (order: Order) => Promise<Created>;
	/** Calls the listener with each task that is seen to end while creates wait for a slot. */
	onEnded: (listener: (task: KlingTask) => void) => void;
	/** Kling calls this execution back for the task. */
	isCalledBack: (created: Created) => boolean;
	/** Resolves when no create is under way. */
	idle: () => Promise<void>;
	report: Ledger['report'];
	hasCharges: Ledger['hasCharges'];
	hint: () => string | undefined;
}

/** @param api of the endpoint that creates */
export function startBatch(run: Run, api: TaskApi, product: Product): Batch {
	const { context } = run;
	const limited = limiter(readNumber(context, maxConcurrent));
	const creates = childController(run.signal);
	const creating = openCreating(run, api, product, creates.signal);
	const ledger = openLedger(context.getInputData().length, product.words, {
		ofOrder: (order) => earlierOfOrder(run, order),
		ofItem: (itemIndex) => earlierOfItem(run, itemIndex),
	});
	const called = new Set<string>();
	const started: Array<Promise<unknown>> = [];

	/** If an error ends the creates, they are aborted here, before the limiter starts the next order. */
	async function createOne(order: Order): Promise<Created | Error> {
		for (let current = order, id: string | undefined; ; id = current.external_task_id) {
			const placed = await place(run, creating, current, id).catch(
				(error: unknown) => error as Error,
			);
			if (placed instanceof Error)
				return stopCreatesOn(notLoadedError(run, wordsFor(order, product.words), order, placed));
			const { outcome } = placed;
			ledger.note(order, placed);
			if (outcome.is === 'task' && outcome.origin !== 'foreign') called.add(outcome.task.task_id);
			const checked = { ...placed, order: current, max: creating.limit.max };
			const decision = decide(context, product, checked);
			if (decision.is === 'task') return { task: decision.task, origin: decision.origin };
			const replacement: Order | undefined =
				decision.is === 'unusable' ? current.replacement?.(decision.task) : undefined;
			if (!replacement) return stopCreatesOn(decision.error, outcome);
			current = replacement;
		}
	}

	function stopCreatesOn(error: Error, outcome?: Outcome): Error {
		const isLast = outcome?.is === 'failed' && isFatal(outcome.failure);
		if (isLast || !context.continueOnFail()) creates.abort(error);
		return error;
	}

	return {
		plan(orders) {
			checkLimit(run, product.words, creating.limit, orders);
			ledger.plan(orders);
			const empty = emptyIdHint(context, product.words, orders);
			if (empty !== undefined) addHint(context, empty);
		},
		async create(order) {
			const creation = limited(async () => await createOne(order));
			started.push(creation);
			const result = await creation;
			if (result instanceof Error) throw result;
			return result;
		},
		onEnded: creating.queue.onEnded,
		isCalledBack: ({ task }) => called.has(task.task_id),
		idle: async () => void (await Promise.allSettled(started)),
		report: ledger.report,
		hasCharges: ledger.hasCharges,
		hint: () => hintFor(product.words, ledger.count()),
	};
}

/**
 * @param signal the creates' own: under Continue On Fail a fatal error ends the creates, and tasks that exist are still
 * waited for
 */
function openCreating(
	{ context, kling, execution }: Run,
	api: TaskApi,
	{ words }: Product,
	signal: AbortSignal,
): Creating {
	const queueMs = readNumber(context, capacityTimeout) * 1000;
	// A limit on money must not vanish with an expression that has no result.
	const max = readNumber(context, maxNewTasks, { needsValue: true });
	// Each endpoint has its own external ids.
	const account = `${kling.account} ${words.noun}`;
	return {
		api,
		account,
		execution,
		facts: factsOf(account),
		queue: openCapacityQueue(api, signal, queueMs),
		limit: spendingLimit(execution, context.getNode().id, max),
		signal,
	};
}

/**
 * Sends one create, unless its task exists. Never throws, except where an image cannot be loaded.
 * @param givenId takes the place of every other id
 */
async function place(
	run: Run,
	creating: Creating,
	order: Order,
	givenId: string | undefined,
): Promise<Placed> {
	const { context, execution } = run;
	const { signal } = creating;
	if (signal.aborted) {
		const outcome = { is: 'stopped', reason: signal.reason as Error, mayExist: false } as const;
		return { outcome, id: undefined, earlier: earlierOfOrder(run, order) };
	}
	const loaded = await order.load();
	const where = placeOf(context, order, loaded);
	const id = givenId ?? idFor(creating, order, where?.key);
	const isRemembered = where !== undefined && order.reuseTaskOnRetry && id !== undefined;
	const isNewId = isRemembered && !execution.sentIds.has(where.key);
	if (isRemembered) execution.sentIds.set(where.key, id);
	const earlier = where ? chargesAt(execution.charges, where.itemKey, where.key) : NO_CHARGES;
	const body = { ...loaded, ...(id && { external_task_id: id }) };
	const isStableId = order.external_task_id !== '';
	const paid = await payOnce(creating, { body, place: where?.key ?? '', isStableId });
	const outcome = withOrigin(paid, earlier, id);
	// An id that an earlier try has sent stays: how this try ends proves nothing about that one.
	if (isNewId && !isSent(outcome)) execution.sentIds.delete(where.key);
	if (where) rememberCharges(execution.charges, where, outcome, id);
	return { outcome, id, earlier };
}

interface Placed {
	outcome: Outcome;
	/** As it was sent. */
	id: string | undefined;
	/** Of earlier tries in the same place. */
	earlier: Charges;
}

/** A retry sends the id of the try before it, whatever its expressions say now. */
function idFor(
	{ execution }: Creating,
	{ external_task_id, reuseTaskOnRetry }: Order,
	where: string | undefined,
): string | undefined {
	if (where === undefined || !reuseTaskOnRetry) return external_task_id || undefined;
	return execution.sentIds.get(where) ?? (external_task_id || generateExternalId(where));
}

function isSent(outcome: Outcome): boolean {
	return outcome.is === 'task' || mayExist(outcome);
}
