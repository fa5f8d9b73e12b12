import type { KlingFailure } from './envelope';
import { KLING_CODES, type Again } from './codes';

/** For faults: of Kling, of the network, and of what stands between. */
export const MAX_TRIES = 5;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** What may help after a failure. Without a code of Kling's, the network and 5xx or 429 from the edge pass, all else stays. */
export function againAfter({ kind, code, httpStatus }: KlingFailure): Again {
	if (kind === 'code') return code === undefined ? 'never' : (KLING_CODES[code]?.again ?? 'never');
	if (kind === 'network') return 'fault';
	return httpStatus !== undefined && (httpStatus >= 500 || httpStatus === 429) ? 'fault' : 'never';
}

export function isPassing(failure: KlingFailure): boolean {
	return againAfter(failure) !== 'never';
}

/**
 * Milliseconds to the next try: exponential from 1 s with full jitter, or what Retry-After says.
 * @param tries how many have failed, from 1
 */
export function backoffMs(
	tries: number,
	{ retryAfterS }: Pick<KlingFailure, 'retryAfterS'>,
): number {
	if (retryAfterS !== undefined) return Math.min(retryAfterS * 1000, 2 * LONGEST_PAUSE_MS);
	return Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
}
