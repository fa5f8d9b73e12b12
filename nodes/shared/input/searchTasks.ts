import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { openKling } from '../client/kling';
import { externalIdOf, type KlingTask } from '../client/task';
import { MAX_PAGE_NUMBER, MAX_PAGE_SIZE, type TaskApi } from '../client/taskApi';
import { isoTime } from '../lib/values';
import { klingError } from '../run/klingError';

/** Read in one search; "load more" goes on from there. */
const MAX_PAGES = 10;

const STATUS_WORDS: Record<string, string> = {
	submitted: 'Submitted',
	processing: 'Processing',
	succeed: 'Succeeded',
	failed: 'Failed',
};

/**
 * For the list in the editor, newest first.
 * @param filter part of a task id or of an external task id, in any case
 * @param paginationToken number of the page to begin with
 */
export async function searchTasks(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { multiShot } = await openKling(this);
	const wanted = (filter ?? '').trim().toLowerCase();
	return await searchPages(this, multiShot, paginationToken, (task) =>
		matches(task, wanted)
			? [{ name: nameInList(task, this.getTimezone()), value: task.task_id }]
			: [],
	);
}

/** Reads on page by page until a task gives an entry, at most {@link MAX_PAGES}. */
export async function searchPages(
	context: ILoadOptionsFunctions,
	api: Pick<TaskApi, 'list'>,
	paginationToken: string | undefined,
	entriesOf: (task: KlingTask) => INodeListSearchItems[],
	action = 'list the tasks',
): Promise<INodeListSearchResult> {
	const first = Number(paginationToken ?? 1);
	const end = Math.min(first + MAX_PAGES, MAX_PAGE_NUMBER + 1);
	for (let pageNum = first; pageNum < end; pageNum++) {
		const page = await api.list({ pageNum, pageSize: MAX_PAGE_SIZE });
		if ('failure' in page) throw klingError(context, page.failure, { action });
		const results = page.value.flatMap(entriesOf);
		if (page.value.length < MAX_PAGE_SIZE) return { results };
		if (results.length > 0) return { results, ...nextPage(pageNum + 1) };
	}
	return { results: [], ...nextPage(end) };
}

function nextPage(pageNum: number): Pick<INodeListSearchResult, 'paginationToken'> {
	return pageNum > MAX_PAGE_NUMBER ? {} : { paginationToken: String(pageNum) };
}

function matches(task: KlingTask, wanted: string): boolean {
	return [task.task_id, externalIdOf(task) ?? ''].some((id) => id.toLowerCase().includes(wanted));
}

function nameInList(task: KlingTask, timeZone: string): string {
	const status = STATUS_WORDS[task.task_status] ?? task.task_status;
	const created = task.created_at ? localMinute(task.created_at, timeZone) : undefined;
	const external = externalIdOf(task);
	const ids = external === undefined ? [task.task_id] : [external, task.task_id];
	return [ids[0], status, created, ...ids.slice(1)].filter(Boolean).join(' · ');
}

/** `2026-11-22 09:05` in this time zone; in UTC, and said so, if the system does not know the time zone. */
function localMinute(at: number, timeZone: string): string | undefined {
	try {
		// The Swedish format is ISO's.
		const format = { timeZone, dateStyle: 'short', timeStyle: 'short' } as const;
		return new Intl.DateTimeFormat('sv-SE', format).format(at);
	} catch {
		const time = isoTime(at);
		return time && `${time.slice(0, 16).replace('T', ' ')} UTC`;
	}
}
