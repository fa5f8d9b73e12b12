import { processMap } from '../transport/processMaps';
import { sleep, untilAborted } from '../transport/abort';
import type { KlingFailure } from '../transport/failure';
import { keyOf, knownAttempt, rememberOutcome, type Attempt } from './attempts';
import type { Creating, Order } from './createContext';
import type { ExecutionMemory } from './execution';
import { findTask, type Found, type Reason } from './findTask';
import {
	afterFind,
	afterSend,
	countsAsNew,
	newPayment,
	type Outcome,
	type Payment,
	type Step,
} from './payment';

interface Leader {
	creating: Creating;
	outcome: Promise<Outcome>;
}

const inFlight = processMap<Leader>('createsInFlight');

/**
 * Creates a task and is charged once. Sends again only if that is harmless: nothing was created, or Kling refuses the
 * duplicate. Within a process, each external id has one create in flight; concurrent creates share its outcome.
 * Never throws.
 */
export async function payOnce(creating: Creating, order: Order): Promise<Outcome> {
	const { external_task_id } = order.body;
	if (external_task_id === undefined) return await pay(creating, order);
	const key = keyOf(creating.account, external_task_id);
	for (;;) {
		const leader = inFlight.get(key);
		if (!leader) break;
		const shared = await follow(leader, creating);
		if (shared) return shared;
	}
	const outcome = pay(creating, order);
	inFlight.set(key, { creating, outcome });
	try {
		return await outcome;
	} finally {
		inFlight.delete(key);
	}
}

/** @returns undefined if the leader's outcome does not apply here: it was stopped, or it is another run's and has no task */
async function follow(leader: Leader, creating: Creating): Promise<Outcome | undefined> {
	try {
		const outcome = await untilAborted(leader.outcome, creating.signal);
		if (outcome.is === 'task') return { ...outcome, origin: 'foreign' };
		return leader.creating === creating && outcome.is !== 'stopped' ? outcome : undefined;
	} catch (error) {
		return { is: 'stopped', reason: error as Error, mayExist: false };
	}
}

async function pay(creating: Creating, order: Order): Promise<Outcome> {
	const { external_task_id } = order.body;
	const known = external_task_id && knownAttempt(creating.account, external_task_id);
	const earlier = known && (await earlierTask(creating, order, known));
	if (earlier) return earlier;
	const isHere = known ? isSamePlace(known, creating.execution, order) : false;
	const start: Payment = {
		...newPayment(external_task_id),
		...(known && { lostAt: known.lostAt, lostBy: isHere ? 'adopted' : 'foreign' }),
	};
	const { outcome, isCounted } = await settle(creating, order, start);
	// If another run's create stays in doubt, it is still attributed to that run: this run has not counted it.
	const { execution } = creating;
	const sender = known && !isCounted ? known : { execution, place: order.place };
	if (external_task_id) rememberOutcome(creating.account, external_task_id, sender, outcome);
	return outcome;
}

/**
 * The task that this process created under the id, read again because it may have finished. If Kling does not know it, it
 * is still returned: that alone does not prove that it is gone.
 */
async function earlierTask(
	{ api, execution, queue }: Creating,
	order: Order,
	attempt: Attempt,
): Promise<Outcome | undefined> {
	const { task } = attempt;
	if (!task) return undefined;
	queue.accepted.add(task.task_id);
	const isHere = isSamePlace(attempt, execution, order);
	try {
		const read = await api.get(task.task_id);
		const now = 'value' in read ? read.value : task;
		return { is: 'task', task: now, origin: isHere ? 'adopted' : 'foreign' };
	} catch (error) {
		return { is: 'stopped', reason: error as Error, mayExist: false };
	}
}

function isSamePlace(
	attempt: Attempt,
	{ executionId }: ExecutionMemory,
	{ place }: Order,
): boolean {
	return attempt.execution.executionId === executionId && attempt.place === place;
}

/**
 * Sends the create and, if the response was lost, looks for the task, until the outcome is known. Never throws.
 * @returns `isCounted`: as a new task of this execution
 */
async function settle(
	creating: Creating,
	order: Order,
	start: Payment,
): Promise<{ outcome: Outcome; isCounted: boolean }> {
	let payment = start;
	let step: Step =
		order.isStableId || start.lostAt !== undefined ? { do: 'find' } : { do: 'send', afterMs: 0 };
	// A create that is in doubt since an earlier try is counted already.
	let isReserved = start.lostBy === 'adopted';
	try {
		while (step.do !== 'end') {
			if (step.do === 'send' && !isReserved) isReserved = creating.limit.reserve();
			if (step.do === 'send' && !isReserved)
				return { outcome: { is: 'limited' }, isCounted: false };
			({ payment, step } =
				step.do === 'send'
					? await send(creating, order, payment, step.afterMs)
					: await find(creating, payment, step.refused));
		}
		const { outcome } = step;
		if (isReserved && !countsAsNew(outcome)) creating.limit.release();
		return { outcome, isCounted: isReserved };
	} catch (error) {
		const mayExist = payment.lostAt !== undefined;
		if (isReserved && !mayExist) creating.limit.release();
		const outcome = { is: 'stopped', reason: error as Error, mayExist } as const;
		return { outcome, isCounted: isReserved };
	}
}

/** What was found before may be out of date once a slot is free. */
const FOUND_FOR_MS = 1_000;

async function send(
	creating: Creating,
	{ body, isStableId }: Order,
	payment: Payment,
	afterMs: number,
): Promise<{ payment: Payment; step: Step }> {
	const { api, queue, signal } = creating;
	const startedAt = performance.now();
	if (afterMs > 0) await sleep(afterMs, signal);
	const result = await queue.send(async () => {
		const isOld = performance.now() - startedAt > FOUND_FOR_MS;
		const found = isStableId && isOld ? await findExisting(creating, payment) : undefined;
		signal.throwIfAborted();
		return found?.is === 'found' ? { found: found.task } : await api.createOnce(body);
	});
	if (!('found' in result)) return afterSend(payment, result, performance.now());
	const found = { is: 'found', task: result.found } as const;
	return afterFind(payment, found, { isSafeToRepeat: false });
}

async function find(
	creating: Creating,
	payment: Payment,
	refused: KlingFailure | undefined,
): Promise<{ payment: Payment; step: Step }> {
	const { facts } = creating;
	const found = await findExisting(creating, payment, refused);
	if (refused && found.is === 'found') facts.duplicatesRefused = true;
	const isSafeToRepeat = payment.lostAt !== undefined && facts.duplicatesRefused === true;
	return afterFind(payment, found, { refused, isSafeToRepeat });
}

async function findExisting(
	{ api, facts, queue, signal }: Creating,
	{ external_task_id = '', lostAt }: Payment,
	refused?: KlingFailure,
): Promise<Found> {
	const isKnown = (id: string) => queue.accepted.has(id);
	const search = { api, facts, signal, isKnown, see: queue.see };
	const found = await findTask(search, external_task_id, reasonOf(lostAt, refused));
	if (found.is === 'found') queue.accepted.add(found.task.task_id);
	return found;
}

function reasonOf(lostAt: number | undefined, refused: KlingFailure | undefined): Reason {
	if (refused) return { is: 'refused' };
	return lostAt === undefined ? { is: 'before' } : { is: 'lost', lostAt };
}
