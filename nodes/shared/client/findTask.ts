import { sleep } from '../transport/cancel';
import type { KlingFailure } from '../transport/failure';
import type { Facts } from './facts';
import { listUnclear, type Listed, type Search } from './listUnclear';
import { hasExternalId, type KlingTask } from './task';
import { isUnknownTask } from './taskApi';

/** `unknown`: the task may exist. `failure`: why it could not be known. */
export type Found =
	{ is: 'found'; task: KlingTask } | { is: 'absent' } | { is: 'unknown'; failure?: KlingFailure };

/**
 * Why the task is looked for. `before`: nothing was sent by this process. `lost`: a create was sent, and its answer was
 * lost at `lostAt` (monotonic ms). `refused`: Kling says that the external id exists.
 */
export type Reason = { is: 'before' } | { is: 'lost'; lostAt: number } | { is: 'refused' };

/** Kling may show a new task some seconds after it was created; nobody has seen more than that. */
export const VISIBLE_AFTER_MS = 20_000;
/** For tasks that hide their external id while they run. */
const MAX_SEARCH_MS = 150_000;
const MAX_REFUSED_MS = 60_000;
const MAX_FAILING_MS = 60_000;
const PAUSES_MS = [1_000, 2_000, 4_000];
const MAX_PAUSE_MS = 6_000;

/**
 * Looks for the task with this external id. Rests on no single fact: "absent" after a lost answer means that
 * Kling was seen to refuse duplicates, or that 20 s later neither the lookup nor List shows a task that could be it.
 * @throws the reason of the signal
 */
export async function findTask(
	search: Search,
	external_task_id: string,
	reason: Reason,
): Promise<Found> {
	const startedAt = performance.now();
	for (let round = 0; ; round++) {
		const evidence = await gather(search, external_task_id, reason);
		const waitedMs = performance.now() - startedAt;
		const verdict = decide({
			evidence,
			facts: search.facts,
			reason,
			waitedMs,
			now: performance.now(),
		});
		if (verdict.is !== 'wait') return verdict;
		await sleep(Math.min(verdict.ms, PAUSES_MS[round] ?? MAX_PAUSE_MS), search.signal);
	}
}

/**
 * What one round of requests showed. `miss`: Kling knows no such task. `hidden`: the id is the task_id of another task, which
 * the lookup shows in any case.
 */
export interface Evidence {
	lookup:
		| { is: 'hit'; task: KlingTask }
		| { is: 'miss' | 'hidden' }
		| { is: 'failed'; failure: KlingFailure };
	/** Undefined where List was not needed. */
	listed?: Listed | undefined;
}

async function gather(search: Search, id: string, reason: Reason): Promise<Evidence> {
	const lookup = await lookUp(search, id);
	const isEarly = reason.is === 'lost' && performance.now() - reason.lostAt < VISIBLE_AFTER_MS;
	const lookupSuffices = search.facts.lookupWorks === true && reason.is !== 'lost';
	if (lookup.is === 'hit' || isEarly || (lookup.is === 'miss' && lookupSuffices)) return { lookup };
	return { lookup, listed: await listUnclear(search, id) };
}

async function lookUp({ api, facts }: Search, id: string): Promise<Evidence['lookup']> {
	const result = await api.get(id);
	if ('value' in result) {
		if (!hasExternalId(result.value, id)) return { is: 'hidden' };
		facts.lookupWorks = true;
		return { is: 'hit', task: result.value };
	}
	return isUnknownTask(result.failure) ? { is: 'miss' } : { is: 'failed', failure: result.failure };
}

interface State {
	evidence: Evidence;
	facts: Facts;
	reason: Reason;
	/** Since the search began. */
	waitedMs: number;
	/** Monotonic ms. */
	now: number;
}

/** Pure: what follows from one round. `ms`: wait at most so long for the next one. */
export function decide(state: State): Found | { is: 'wait'; ms: number } {
	const { evidence, facts, reason, waitedMs, now } = state;
	const { lookup, listed } = evidence;
	if (lookup.is === 'hit') return { is: 'found', task: lookup.task };
	if (listed?.is === 'hit') return { is: 'found', task: listed.task };
	if (reason.is === 'refused')
		return waitedMs < MAX_REFUSED_MS ? { is: 'wait', ms: MAX_PAUSE_MS } : { is: 'unknown' };
	if (reason.is === 'before') return decideBefore(evidence, facts);

	if (lookup.is === 'miss' && facts.duplicatesRefused) return { is: 'absent' };
	const visibleInMs = reason.lostAt + VISIBLE_AFTER_MS - now;
	if (visibleInMs > 0) return { is: 'wait', ms: visibleInMs };
	if (listed?.is === 'failed' || listed === undefined)
		return waitedMs < MAX_FAILING_MS
			? { is: 'wait', ms: MAX_PAUSE_MS }
			: { is: 'unknown', ...(listed && { failure: listed.failure }) };
	if (lookup.is === 'miss' && facts.lookupWorks) return { is: 'absent' };
	if (listed.is === 'clear') return { is: 'absent' };
	const mayShow = listed.is === 'unclear' && listed.running && waitedMs < MAX_SEARCH_MS;
	return mayShow ? { is: 'wait', ms: MAX_PAUSE_MS } : { is: 'unknown' };
}

/** A task that hides its id, or that is beyond what List gives, counts as another task. */
function decideBefore({ lookup, listed }: Evidence, facts: Facts): Found {
	if (lookup.is === 'failed') return { is: 'unknown', failure: lookup.failure };
	const lookupSuffices = lookup.is === 'miss' && facts.lookupWorks === true;
	if (lookupSuffices || listed?.is !== 'failed') return { is: 'absent' };
	return { is: 'unknown', failure: listed.failure };
}
