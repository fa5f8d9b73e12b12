import { KLING_CODES, type RetryPolicy } from './klingCodes';
import type { KlingFailure } from './failure';

/** For faults of Kling, of the network, and of what stands between. */
export const MAX_TRIES = 5;

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
const MAX_RETRY_AFTER_MS = 60_000;

/** What may help after a failure. Without a Kling code, only network errors, 5xx and 429 can pass. */
export function retryPolicy(failure: KlingFailure): RetryPolicy {
	if (failure.kind === 'code') return KLING_CODES[failure.code]?.retry ?? 'never';
	if (failure.kind !== 'unreadable') return 'backoff';
	const { httpStatus = 0 } = failure;
	return httpStatus >= 500 || httpStatus === 429 ? 'backoff' : 'never';
}

/** Whether Kling refused with a documented code that a retry cannot change. */
export function isFinalRefusal(failure: KlingFailure): boolean {
	return failure.kind === 'code' && KLING_CODES[failure.code]?.retry === 'never';
}

/** Whether every further create of this account would fail, too: keys, balance, rights, addresses. */
export function isFatal(failure: KlingFailure): boolean {
	return failure.kind === 'code' && KLING_CODES[failure.code]?.isFatal === true;
}

/** Whether a create with this failure may have made a task. A code that is not documented proves nothing. */
export function mayHaveCreated(failure: KlingFailure): boolean {
	if (failure.kind !== 'code') return failure.kind !== 'notSent';
	const known = KLING_CODES[failure.code];
	return known === undefined || known.mayHaveCreated === true;
}

/**
 * Milliseconds to the next try: exponential from 1 s with full jitter, or what Retry-After says.
 * @param tries how many have failed, from 1
 */
export function backoffMs(tries: number, failure?: KlingFailure): number {
	const retryAfterS = failure && 'retryAfterS' in failure ? failure.retryAfterS : undefined;
	if (retryAfterS !== undefined) return Math.min(retryAfterS * 1000, MAX_RETRY_AFTER_MS);
	return Math.random() * Math.min(FIRST_DELAY_MS * 2 ** (tries - 1), MAX_DELAY_MS);
}
