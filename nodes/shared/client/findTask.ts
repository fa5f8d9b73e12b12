import type { IExecuteFunctions } from 'n8n-workflow';
import { sleepUnlessCancelled } from '../transport/cancel';
import { getTask, isUnknownTask, listTasks, MAX_PAGE_SIZE } from './endpoints';
import { isFinal, type KlingTask } from './task';

/** What this run has seen of facts that Kling's documentation leaves open. */
export interface Evidence {
	/** Whether a task is found by its external id. */
	lookup?: boolean;
	/** Whether an external id that was used before is refused. */
	uniqueness?: boolean;
	/** Task ids that this run knows, whatever List shows of their external ids. */
	known: ReadonlySet<string>;
}

/** `absent`: sending again is harmless. `unknown`: the task may exist. */
export type Found = KlingTask | 'absent' | 'unknown';

/** Kling may show a new task some seconds after its making. */
const LOOKUP_PAUSES_MS = [0, 1_000, 2_000];
/** Where Kling says that the task exists. */
const PATIENT_PAUSES_MS = [0, 3_000, 6_000, 12_000, 24_000];
/** A running task may hide its external id, so that the end of other tasks is waited for. */
const SEARCH_MS = 150_000;
const SEARCH_PAUSE_MS = 3_000;
/** Kling's clock and ours may differ. */
const CLOCK_SKEW_MS = 5 * 60_000;
const MOST_PAGES = 10;

/**
 * Whether a task with this external id exists. Rests on no single fact: where the lookup finds nothing and
 * was never seen to work, List tells.
 * @param since Unix milliseconds of the first sending
 * @param exists whether Kling has refused the id because it exists: then it is looked for longer
 */
export async function findTask(
	context: IExecuteFunctions,
	external_task_id: string,
	since: number,
	evidence: Evidence,
	{ exists = false } = {},
): Promise<Found> {
	let found: Found = 'unknown';
	for (const pauseMs of exists ? PATIENT_PAUSES_MS : [0]) {
		await sleepUnlessCancelled(context, pauseMs);
		found = await lookUp(context, external_task_id, evidence);
		if (found === 'absent' && !evidence.lookup)
			found = await searchList(context, external_task_id, since - CLOCK_SKEW_MS, evidence);
		if (typeof found === 'object') break;
	}
	return found;
}

async function lookUp(
	context: IExecuteFunctions,
	external_task_id: string,
	evidence: Evidence,
): Promise<Found> {
	if (evidence.lookup === false) return 'absent';
	for (const pauseMs of LOOKUP_PAUSES_MS) {
		await sleepUnlessCancelled(context, pauseMs);
		const result = await getTask(context, external_task_id);
		if ('value' in result) {
			evidence.lookup = true;
			return result.value;
		}
		if (!isUnknownTask(result.failure)) return 'unknown';
	}
	return 'absent';
}

async function searchList(
	context: IExecuteFunctions,
	external_task_id: string,
	since: number,
	evidence: Evidence,
): Promise<Found> {
	for (const until = Date.now() + SEARCH_MS; ;) {
		const tasks = await tasksSince(context, since);
		if (!tasks) return 'unknown';
		const hit = tasks.find((task) => externalIdOf(task) === external_task_id);
		if (hit) return hit;
		const named = tasks.find(externalIdOf);
		if (named && evidence.lookup === undefined) await tryLookup(context, named, evidence);
		if (evidence.lookup) return 'absent';
		const candidates = tasks.filter((task) => mayBeIt(task, named !== undefined, evidence));
		if (candidates.length === 0)
			return evidence.lookup === undefined || evidence.uniqueness ? 'absent' : 'unknown';
		if (candidates.every(isFinal) || Date.now() >= until) return 'unknown';
		await sleepUnlessCancelled(context, SEARCH_PAUSE_MS);
	}
}

/** A task that shows no external id: one that runs, or any if none shows its id. */
function mayBeIt(task: KlingTask, idsAreShown: boolean, { known }: Evidence): boolean {
	if (externalIdOf(task) || known.has(task.task_id)) return false;
	return !(isFinal(task) && idsAreShown);
}

/** Another task, whose external id is known, shows whether the lookup works. */
async function tryLookup(
	context: IExecuteFunctions,
	task: KlingTask,
	evidence: Evidence,
): Promise<void> {
	const result = await getTask(context, externalIdOf(task) ?? '');
	if ('value' in result) evidence.lookup = result.value.task_id === task.task_id;
	else if (isUnknownTask(result.failure)) evidence.lookup = false;
}

/** Not trusting the order of the list, except that a whole page of older tasks ends the search. */
async function tasksSince(
	context: IExecuteFunctions,
	since: number,
): Promise<KlingTask[] | undefined> {
	const found: KlingTask[] = [];
	for (let pageNum = 1; pageNum <= MOST_PAGES; pageNum++) {
		const page = await listTasks(context, pageNum, MAX_PAGE_SIZE);
		if ('failure' in page) return undefined;
		const recent = page.value.filter(({ created_at = Infinity }) => created_at >= since);
		found.push(...recent);
		if (page.value.length < MAX_PAGE_SIZE || recent.length === 0) break;
	}
	return found;
}

function externalIdOf({ task_info }: KlingTask): string | undefined {
	return task_info?.external_task_id || undefined;
}
