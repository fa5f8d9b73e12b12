import type { Result } from '../transport/failure';
import type { KlingTask } from './task';
import { MAX_PAGE_NUMBER, MAX_PAGE_SIZE, type TaskApi } from './taskApi';

interface Wanted<Value> {
	/** Of values; may be Infinity. */
	limit: number;
	/** Not every task gives a value. */
	isFiltered: boolean;
	valuesOf: (task: KlingTask) => Value[];
	/** Whether the pages after this one hold nothing that is wanted. */
	isLast?: (page: KlingTask[]) => boolean;
}

/** Reads List page by page. Tasks created between two pages shift the pages: a task seen twice counts once. */
export async function collect<Value>(
	api: Pick<TaskApi, 'list'>,
	{ limit, isFiltered, valuesOf, isLast }: Wanted<Value>,
): Promise<Result<Value[]>> {
	const pageSize = isFiltered ? MAX_PAGE_SIZE : Math.min(limit, MAX_PAGE_SIZE);
	const found = new Map<string, Value[]>();
	let count = 0;
	for (let pageNum = 1; pageNum <= MAX_PAGE_NUMBER; pageNum++) {
		const page = await api.list({ pageNum, pageSize });
		if ('failure' in page) return page;
		for (const task of page.value) {
			const values = count < limit ? valuesOf(task) : [];
			if (values.length === 0) continue;
			count += values.length - (found.get(task.task_id)?.length ?? 0);
			found.set(task.task_id, values);
		}
		if (count >= limit || page.value.length < pageSize || isLast?.(page.value)) break;
	}
	return { value: [...found.values()].flat().slice(0, limit) };
}
