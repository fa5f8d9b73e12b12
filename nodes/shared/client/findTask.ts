import { sleep } from '../transport/abort';
import type { KlingFailure } from '../transport/failure';
import type { Facts } from './facts';
import { externalIdOf, hasExternalId, isFinal, type KlingTask } from './task';
import { isUnknownTask, MAX_PAGE_SIZE, type TaskApi } from './taskApi';

/** Where to look for a task. */
export interface Search {
	api: TaskApi;
	signal: AbortSignal;
	facts: Facts;
	/** Ids of tasks that are known to be others. */
	isKnown: (task_id: string) => boolean;
	/** Takes all tasks that List shows. */
	see: (tasks: KlingTask[]) => Promise<void>;
}

/** What List shows of a task with a certain external id. */
type Listed =
	| { is: 'hit'; task: KlingTask }
	/** No task that could be it. */
	| { is: 'clear' }
	/** Tasks without a visible external id, one of which may be it. */
	| { is: 'unclear'; running: boolean }
	| { is: 'failed'; failure: KlingFailure };

/** `unknown`: the task may exist. `failure`: why it could not be known. */
export type Found =
	{ is: 'found'; task: KlingTask } | { is: 'absent' } | { is: 'unknown'; failure?: KlingFailure };

/**
 * Why the task is looked for. `before`: nothing was sent by this process. `lost`: a create was sent, and its answer was
 * lost at `lostAt` (monotonic ms). `refused`: Kling says that the external id exists.
 */
export type Reason = { is: 'before' } | { is: 'lost'; lostAt: number } | { is: 'refused' };

/** Kling may show a new task only some seconds after its create; a longer delay was never observed. */
export const VISIBLE_AFTER_MS = 20_000;
/** For tasks that hide their external id while they run. */
const MAX_SEARCH_MS = 150_000;
const MAX_REFUSED_MS = 60_000;
const MAX_FAILING_MS = 60_000;
const DELAYS_MS = [1_000, 2_000, 4_000];
const MAX_DELAY_MS = 6_000;
/** 10,000 tasks. */
const MAX_PAGES = 20;

/**
 * Looks for the task with this external id. No single signal decides: "absent" after a lost response means that
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
		await sleep(Math.min(verdict.ms, DELAYS_MS[round] ?? MAX_DELAY_MS), search.signal);
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
	/** Undefined if List was not needed. */
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

/** Pure: what follows from one round. `ms`: the longest to wait before the next one. */
export function decide(state: State): Found | { is: 'wait'; ms: number } {
	const { evidence, facts, reason, waitedMs, now } = state;
	const { lookup, listed } = evidence;
	if (lookup.is === 'hit') return { is: 'found', task: lookup.task };
	if (listed?.is === 'hit') return { is: 'found', task: listed.task };
	if (reason.is === 'refused')
		return waitedMs < MAX_REFUSED_MS ? { is: 'wait', ms: MAX_DELAY_MS } : { is: 'unknown' };
	if (reason.is === 'before') return decideBefore(evidence, facts);

	if (lookup.is === 'miss' && facts.duplicatesRefused) return { is: 'absent' };
	const visibleInMs = reason.lostAt + VISIBLE_AFTER_MS - now;
	if (visibleInMs > 0) return { is: 'wait', ms: visibleInMs };
	if (listed?.is === 'failed' || listed === undefined)
		return waitedMs < MAX_FAILING_MS
			? { is: 'wait', ms: MAX_DELAY_MS }
			: { is: 'unknown', ...(listed && { failure: listed.failure }) };
	if (lookup.is === 'miss' && facts.lookupWorks) return { is: 'absent' };
	if (listed.is === 'clear') return { is: 'absent' };
	const mayShow = listed.is === 'unclear' && listed.running && waitedMs < MAX_SEARCH_MS;
	return mayShow ? { is: 'wait', ms: MAX_DELAY_MS } : { is: 'unknown' };
}

/** A task that hides its id, or that is beyond what List gives, counts as another task. */
function decideBefore({ lookup, listed }: Evidence, facts: Facts): Found {
	if (lookup.is === 'failed') return { is: 'unknown', failure: lookup.failure };
	const lookupSuffices = lookup.is === 'miss' && facts.lookupWorks === true;
	if (lookupSuffices || listed?.is !== 'failed') return { is: 'absent' };
	return { is: 'unknown', failure: listed.failure };
}

/** Reads all pages, since their order is not documented. */
async function listUnclear(search: Search, external_task_id: string): Promise<Listed> {
	const read = await readAll(search);
	if ('failure' in read) return { is: 'failed', failure: read.failure };
	const { tasks, isComplete } = read;
	await search.see(tasks);
	const hit = tasks.find((task) => externalIdOf(task) === external_task_id);
	if (hit) return { is: 'hit', task: hit };
	const shown = tasks.find((task) => externalIdOf(task) !== undefined);
	if (shown && search.facts.lookupWorks === undefined) await tryLookup(search, shown);
	const unclear = tasks.filter((task) => mayBeIt(task, shown !== undefined, search));
	if (unclear.length === 0 && isComplete) return { is: 'clear' };
	return { is: 'unclear', running: unclear.some((task) => !isFinal(task)) };
}

/** Whether a task that shows no external id may be the one: it is unfinished, or no task in the list shows its id. */
function mayBeIt(task: KlingTask, idsAreShown: boolean, { isKnown }: Search): boolean {
	if (externalIdOf(task) !== undefined || isKnown(task.task_id)) return false;
	return !(isFinal(task) && idsAreShown);
}

/** Another task, whose external id is known, shows whether the lookup works. */
async function tryLookup({ api, facts }: Search, task: KlingTask): Promise<void> {
	const result = await api.get(externalIdOf(task) ?? '');
	if ('value' in result) facts.lookupWorks = result.value.task_id === task.task_id;
	else if (isUnknownTask(result.failure)) facts.lookupWorks = false;
}

async function readAll({
	api,
}: Search): Promise<{ tasks: KlingTask[]; isComplete: boolean } | { failure: KlingFailure }> {
	const tasks: KlingTask[] = [];
	for (let pageNum = 1; pageNum <= MAX_PAGES; pageNum++) {
		const page = await api.list({ pageNum, pageSize: MAX_PAGE_SIZE });
		if ('failure' in page) return page;
		tasks.push(...page.value);
		if (page.value.length < MAX_PAGE_SIZE) return { tasks, isComplete: true };
	}
	return { tasks, isComplete: false };
}
