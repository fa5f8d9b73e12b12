import type { KlingFailure, Result } from '../transport/failure';
import { backoffMs, MAX_TRIES, mayHaveCreated, retryPolicy } from '../transport/retry';
import type { Found } from './findTask';
import type { KlingTask } from './task';

/**
 * Who created the task. `new`: this create, if only by a send whose answer was lost. `adopted`: an earlier try of this
 * execution for the same item. `foreign`: anything else, so that this item was not charged.
 */
export type Origin = 'new' | 'adopted' | 'foreign';

export type Outcome =
	| { is: 'task'; task: KlingTask; origin: Origin }
	| { is: 'failed'; failure: KlingFailure; mayExist: boolean }
	/** An earlier create of this execution is in doubt, and nothing was sent now. */
	| { is: 'inDoubt' }
	/** The limit of new tasks was reached before anything was sent. */
	| { is: 'limited' }
	| { is: 'stopped'; reason: Error; mayExist: boolean };

/** What one create knows between two steps. */
export interface Payment {
	external_task_id: string | undefined;
	/** Sends that failed in a way that may pass. */
	faults: number;
	reSigned: boolean;
	/** Monotonic ms: an answer was lost then, and the task may exist. */
	lostAt: number | undefined;
	/** Which create's answer was lost: what its task's origin would be. */
	lostBy: Origin;
	lastFailure: KlingFailure | undefined;
}

export type Step =
	| { do: 'send'; afterMs: number }
	/** Look for the task, since `lostAt` is set or Kling says that it exists. */
	| { do: 'find'; refused?: KlingFailure }
	| { do: 'end'; outcome: Outcome };

export function newPayment(external_task_id: string | undefined): Payment {
	return {
		external_task_id,
		faults: 0,
		reSigned: false,
		lostAt: undefined,
		lostBy: 'foreign',
		lastFailure: undefined,
	};
}

/**
 * Pure: what follows from the answer to a create.
 * @param now monotonic ms
 */
export function afterSend(
	payment: Payment,
	result: Result<KlingTask>,
	now: number,
): { payment: Payment; step: Step } {
	if ('value' in result) return { payment, step: end('new', result.value) };
	const { failure } = result;
	const next = { ...payment, lastFailure: failure };
	if (mayHaveCreated(failure))
		return afterLoss({ ...next, lostAt: now, lostBy: 'new', faults: next.faults + 1 });

	const policy = retryPolicy(failure);
	if (policy === 'reSign' && !payment.reSigned)
		return { payment: { ...next, reSigned: true }, step: { do: 'send', afterMs: 0 } };
	if (policy === 'backoff' && payment.faults + 1 < MAX_TRIES) {
		const faults = payment.faults + 1;
		return {
			payment: { ...next, faults },
			step: { do: 'send', afterMs: backoffMs(faults, failure) },
		};
	}
	if (mayBeDuplicate(next, failure))
		return { payment: next, step: { do: 'find', refused: failure } };
	return { payment: next, step: failed(next, failure) };
}

function afterLoss(payment: Payment): { payment: Payment; step: Step } {
	const { external_task_id, lastFailure } = payment;
	if (external_task_id === undefined && lastFailure)
		return { payment, step: failed(payment, lastFailure) };
	return { payment, step: { do: 'find' } };
}

/**
 * Pure: what follows from looking for the task.
 * @param refused Kling's refusal, if it said that the external id exists
 * @param isSafeToRepeat Kling was seen to refuse duplicates, so that "absent" is not proven, only harmless
 */
export function afterFind(
	payment: Payment,
	found: Found,
	{ refused, isSafeToRepeat }: { refused?: KlingFailure | undefined; isSafeToRepeat: boolean },
): { payment: Payment; step: Step } {
	if (found.is === 'found') return { payment, step: end(payment.lostBy, found.task) };
	if (refused) return { payment, step: failed(payment, refused) };
	if (found.is === 'unknown') {
		const failure = found.failure ?? payment.lastFailure;
		return {
			payment,
			step: failure ? failed(payment, failure) : { do: 'end', outcome: { is: 'inDoubt' } },
		};
	}
	const proven = isSafeToRepeat
		? payment
		: { ...payment, lostAt: undefined, lostBy: 'foreign' as const };
	if (payment.lastFailure && payment.faults >= MAX_TRIES)
		return { payment: proven, step: failed(proven, payment.lastFailure) };
	const afterMs = payment.faults > 0 ? backoffMs(payment.faults, payment.lastFailure) : 0;
	return { payment: proven, step: { do: 'send', afterMs } };
}

/** Whether a task may exist that nobody has seen. */
export function mayExist(outcome: Outcome): boolean {
	return outcome.is === 'inDoubt' || ('mayExist' in outcome && outcome.mayExist);
}

/** Whether the create counts as a new task. */
export function countsAsNew(outcome: Outcome): boolean {
	return outcome.is === 'task' ? outcome.origin !== 'foreign' : mayExist(outcome);
}

function end(origin: Origin, task: KlingTask): Step {
	return { do: 'end', outcome: { is: 'task', task, origin } };
}

function failed({ lostAt }: Payment, failure: KlingFailure): Step {
	return { do: 'end', outcome: { is: 'failed', failure, mayExist: lostAt !== undefined } };
}

/** Kling refuses a wrong value with the same code, so only finding the task proves a duplicate. */
function mayBeDuplicate({ external_task_id, lostAt }: Payment, failure: KlingFailure): boolean {
	if (failure.kind !== 'code' || external_task_id === undefined) return false;
	const { code, message } = failure;
	const isRefusedValue = code === 1200 || code === 1201 || code === 1203;
	const saysSo = message.includes(external_task_id) || /exist|duplicat|repeat/i.test(message);
	return isRefusedValue && (lostAt !== undefined || saysSo);
}
