import type { KlingContext } from '../transport/context';
import { listTasks, lookAtTask, MAX_PAGE_SIZE, type Result } from './endpoints';
import type { KlingTask } from './task';

/** From so many tasks on, a page of List is cheaper than one Get each. */
const LIST_FROM = 3;
const GETS_SIDE_BY_SIDE = 10;

/**
 * One look at each of these tasks, by as few requests as possible.
 * @param ids task ids or external task ids
 * @param timeoutMs of each request
 */
export async function lookAtTasks(
	context: KlingContext,
	ids: string[],
	timeoutMs: number,
): Promise<Map<string, Result<KlingTask>>> {
	const seen = new Map<string, Result<KlingTask>>();
	if (ids.length >= LIST_FROM) await readPages(context, ids, timeoutMs, seen);
	const left = ids.filter((id) => !seen.has(id));
	for (let first = 0; first < left.length; first += GETS_SIDE_BY_SIDE) {
		const some = left.slice(first, first + GETS_SIDE_BY_SIDE);
		const results = await Promise.all(
			some.map(async (id) => await lookAtTask(context, id, timeoutMs)),
		);
		results.forEach((result, position) => seen.set(some[position] ?? '', result));
	}
	return seen;
}

/** What is not on the pages, for whatever reason, is left to Get. */
async function readPages(
	context: KlingContext,
	ids: string[],
	timeoutMs: number,
	seen: Map<string, Result<KlingTask>>,
): Promise<void> {
	const wanted = new Set(ids);
	// One more than the tasks fill, for others of the account between them.
	const mostPages = Math.ceil(wanted.size / MAX_PAGE_SIZE) + 1;
	for (let pageNum = 1; pageNum <= mostPages && seen.size < wanted.size; pageNum++) {
		const page = await listTasks(context, pageNum, MAX_PAGE_SIZE, { once: true, timeoutMs });
		if ('failure' in page) return;
		for (const task of page.value) {
			const external = task.task_info?.external_task_id;
			for (const id of [task.task_id, external])
				if (id !== undefined && wanted.has(id)) seen.set(id, { value: task });
		}
		if (page.value.length < MAX_PAGE_SIZE) return;
	}
}
