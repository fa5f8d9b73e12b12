import { processMap } from '../lib/processMaps';
import { untilAborted } from '../transport/cancel';
import { forgetAttempt, keyOf, knownAttempt, rememberAttempt, type Attempt } from './attempts';
import type { Creating, Order } from './creating';
import type { ExecutionMemory } from './execution';
import { VISIBLE_AFTER_MS } from './findTask';
import { newPayment, type Outcome, type Payment } from './payment';
import { mayExist, settle } from './settle';
import { isUnknownTask } from './taskApi';

interface Leader {
	creating: Creating;
	outcome: Promise<Outcome>;
}

const inFlight = processMap<Leader>('createsInFlight');

/**
 * Creates a task and pays for it once. Sent again only where that is harmless: nothing was created, or
 * Kling refuses the second one. In one process an external id is in flight once; others share what became of it.
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

/** @returns undefined where this create has to find out for itself, since its leader was stopped or is another run's */
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
	const outcome = await settle(creating, order, start);
	if (external_task_id) remember(creating, order, external_task_id, outcome);
	return outcome;
}

/**
 * The task that this process created under the id; read again, since it may have ended.
 * @returns undefined where there is none, or Kling no longer knows it
 */
async function earlierTask(
	{ api, execution, queue }: Creating,
	order: Order,
	attempt: Attempt,
): Promise<Outcome | undefined> {
	const { task, at } = attempt;
	if (!task) return undefined;
	queue.accepted.add(task.task_id);
	const isHere = isSamePlace(attempt, execution, order);
	try {
		const read = await api.get(task.task_id);
		const isNew = performance.now() - at < VISIBLE_AFTER_MS;
		if ('failure' in read && isUnknownTask(read.failure) && !isNew) return undefined;
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

function remember(
	{ account, execution }: Creating,
	{ place }: Order,
	external_task_id: string,
	outcome: Outcome,
): void {
	const attempt = { execution, place, at: performance.now() };
	if (outcome.is === 'task') {
		const isHere = outcome.origin !== 'foreign';
		const { task } = outcome;
		rememberAttempt(account, external_task_id, { ...attempt, place: isHere ? place : '', task });
	} else if (mayExist(outcome))
		rememberAttempt(account, external_task_id, { ...attempt, lostAt: performance.now() });
	else forgetAttempt(account, external_task_id);
}
