import type { Result } from '../transport/failure';
import { externalIdOf, type KlingTask } from './task';
import { MAX_PAGE_SIZE, type TaskApi } from './taskApi';

/** With at least this many tasks, a page of List is cheaper than one Get per task. */
export const LIST_FROM = 3;
const GETS_CONCURRENCY = 10;

/**
 * Reads each of these tasks once, with as few requests as possible.
 * @param ids task ids or external task ids; an exact task id wins
 * @param timeoutMs of each request
 */
export async function readTasks(
	api: TaskApi,
	ids: string[],
	timeoutMs: number,
): Promise<Map<string, Result<KlingTask>>> {
	const seen = new Map<string, Result<KlingTask>>();
	if (ids.length >= LIST_FROM) await readPages(api, ids, timeoutMs, seen);
	const left = ids.filter((id) => !seen.has(id));
	for (let first = 0; first < left.length; first += GETS_CONCURRENCY) {
		const some = left.slice(first, first + GETS_CONCURRENCY);
		const results = await Promise.all(some.map(async (id) => await api.getOnce(id, timeoutMs)));
		for (const [position, id] of some.entries()) seen.set(id, results[position] ?? NOTHING);
	}
	return seen;
}

/** An external id of this form may be the task id of a task on an unread page, so Get decides. */
const LIKE_TASK_ID = /^\d{15,}$/;

const NOTHING: Result<KlingTask> = { failure: { kind: 'unreadable', reason: 'noData' } };

/** What is not on the pages, for whatever reason, is left to Get. */
async function readPages(
	api: TaskApi,
	ids: string[],
	timeoutMs: number,
	seen: Map<string, Result<KlingTask>>,
): Promise<void> {
	const wanted = new Set(ids);
	// One page more than these tasks fill: the account's other tasks may lie between them.
	const maxPages = Math.ceil(wanted.size / MAX_PAGE_SIZE) + 1;
	const byExternalId = new Map<string, KlingTask>();
	for (let pageNum = 1; pageNum <= maxPages && seen.size < wanted.size; pageNum++) {
		const page = await api.listOnce({ pageNum, pageSize: MAX_PAGE_SIZE }, timeoutMs);
		if ('failure' in page) break;
		for (const task of page.value) {
			const external = externalIdOf(task);
			if (wanted.has(task.task_id)) seen.set(task.task_id, { value: task });
			else if (external !== undefined && wanted.has(external) && !LIKE_TASK_ID.test(external))
				byExternalId.set(external, task);
		}
		if (page.value.length < MAX_PAGE_SIZE) break;
	}
	for (const [id, task] of byExternalId) if (!seen.has(id)) seen.set(id, { value: task });
}
