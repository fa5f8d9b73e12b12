import type { KlingFailure } from '../transport/failure';
import type { Facts } from './facts';
import { externalIdOf, isFinal, type KlingTask } from './task';
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
export type Listed =
	| { is: 'hit'; task: KlingTask }
	/** No task that could be it. */
	| { is: 'clear' }
	/** Tasks without a visible external id, one of which may be it. */
	| { is: 'unclear'; running: boolean }
	| { is: 'failed'; failure: KlingFailure };

/** 10,000 tasks, newest first or not. */
const MAX_PAGES = 20;

/** Reads all pages, since their order is not documented. */
export async function listUnclear(search: Search, external_task_id: string): Promise<Listed> {
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

/** Without a visible external id: one that runs, or any where no task shows its id. */
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
