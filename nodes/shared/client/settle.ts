import { sleep } from '../transport/cancel';
import type { KlingFailure } from '../transport/failure';
import type { Creating, Order } from './creating';
import { findTask, type Found, type Reason } from './findTask';
import { afterFind, afterSend, type Outcome, type Payment, type Step } from './payment';

/** Sends and looks, step by step, until it is known what became of one create. Never throws. */
export async function settle(creating: Creating, order: Order, start: Payment): Promise<Outcome> {
	let payment = start;
	let step: Step =
		order.isOwnId || start.lostAt !== undefined ? { do: 'find' } : { do: 'send', afterMs: 0 };
	// A create that is in doubt since an earlier try is counted already.
	let isReserved = start.lostBy === 'adopted';
	try {
		while (step.do !== 'end') {
			if (step.do === 'send' && !isReserved) isReserved = creating.limit.reserve();
			if (step.do === 'send' && !isReserved) return { is: 'limited' };
			({ payment, step } =
				step.do === 'send'
					? await send(creating, order, payment, step.afterMs)
					: await find(creating, payment, step.refused));
		}
		if (isReserved && !isPaid(step.outcome)) creating.limit.release();
		return step.outcome;
	} catch (error) {
		const mayExist = payment.lostAt !== undefined;
		if (isReserved && !mayExist) creating.limit.release();
		return { is: 'stopped', reason: error as Error, mayExist };
	}
}

/** What was found before may be out of date once a slot is free. */
const FOUND_FOR_MS = 1_000;

async function send(
	creating: Creating,
	{ body, isOwnId }: Order,
	payment: Payment,
	afterMs: number,
): Promise<{ payment: Payment; step: Step }> {
	const { api, queue, signal } = creating;
	const startedAt = performance.now();
	if (afterMs > 0) await sleep(afterMs, signal);
	const result = await queue.send(async () => {
		const isOld = performance.now() - startedAt > FOUND_FOR_MS;
		const found = isOwnId && isOld ? await look(creating, payment) : undefined;
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
	const found = await look(creating, payment, refused);
	if (refused && found.is === 'found') facts.duplicatesRefused = true;
	const isSafeToRepeat = payment.lostAt !== undefined && facts.duplicatesRefused === true;
	return afterFind(payment, found, { refused, isSafeToRepeat });
}

async function look(
	{ api, facts, queue, signal }: Creating,
	{ external_task_id = '', lostAt }: Payment,
	refused?: KlingFailure,
): Promise<Found> {
	const search = { api, facts, signal, isKnown: (id: string) => queue.accepted.has(id) };
	const found = await findTask(search, external_task_id, reasonOf(lostAt, refused));
	if (found.is === 'found') queue.accepted.add(found.task.task_id);
	return found;
}

function reasonOf(lostAt: number | undefined, refused: KlingFailure | undefined): Reason {
	if (refused) return { is: 'refused' };
	return lostAt === undefined ? { is: 'before' } : { is: 'lost', lostAt };
}

/** Whether a task may exist that nobody has seen. */
export function mayExist(outcome: Outcome): boolean {
	return outcome.is === 'inDoubt' || ('mayExist' in outcome && outcome.mayExist);
}

/** Whether the create counts as a new task. */
function isPaid(outcome: Outcome): boolean {
	return outcome.is === 'task' ? outcome.origin !== 'foreign' : mayExist(outcome);
}
