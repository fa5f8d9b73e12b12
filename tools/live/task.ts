import { setTimeout as pause } from 'node:timers/promises';

import { hasEnded, shown, taskIn, tasksIn, type Api, type Task } from './api';
import { noteError } from './free';
import type { Notebook } from './notebook';

const LONGEST_MS = 15 * 60_000;
const YEAR_2020 = Date.UTC(2020);
const YEAR_2100 = Date.UTC(2100);

export interface Wanted {
	element_frontal_image: string;
	external_task_id: string;
	callback_url?: string;
}

/** The one create that is paid. */
export async function make(api: Api, wanted: Wanted): Promise<Task> {
	const answer = await api.create(wanted).catch((error: unknown) => {
		throw new Error(
			`No answer to the create (${String(error)}). The task may exist and be charged: look for the external id ${wanted.external_task_id} before anything is sent again`,
		);
	});
	const task = taskIn(answer);
	if (task === undefined) throw new Error(`No task was made: ${shown(answer)}`);
	return task;
}

/** Where the fact is wrong this is charged, too. */
export async function makeAgain(api: Api, first: Task, wanted: Wanted, notebook: Notebook) {
	const answer = await api.create(wanted);
	const refused = answer.status === 400 && answer.body.code === 1201;
	notebook.note('duplicateRefused', refused, shown(answer));
	if (answer.body.code !== 0) noteError(notebook, answer);
	const since = tasksIn(await api.get('?pageNum=1&pageSize=500')).filter(
		({ task_id, created_at }) => created_at >= first.created_at && task_id !== first.task_id,
	);
	const second = taskIn(answer)?.task_id;
	const seen = second === undefined ? `${since.length} younger tasks` : `task ${String(second)}`;
	notebook.note('duplicateNotCharged', second === undefined && since.length === 0, seen);
}

/** Looks until the task has ended, and notes what it is like meanwhile. */
export async function watch(
	api: Api,
	{ task_id }: Task,
	external_task_id: string,
	{ note }: Notebook,
	pollMs: number,
): Promise<Task> {
	for (const end = Date.now() + LONGEST_MS; ; await pause(pollMs)) {
		if (Date.now() > end) throw new Error(`Task ${String(task_id)} has not ended in 15 min`);
		// What was paid for is worth another look.
		const task = await api.get(`/${String(task_id)}`).then(taskIn, () => undefined);
		const found = await api.get(`/${encodeURIComponent(external_task_id)}`).catch(() => undefined);
		if (task === undefined || found === undefined) continue;
		note('lookupByExternalId', taskIn(found)?.task_id === task_id, shown(found));
		if (hasEnded(task)) return task;
		note('infoEmptyWhileRunning', isEmptyObject(task.task_info), task.task_info ?? 'missing');
		const { task_result } = task;
		const none = task_result === undefined || isEmptyObject(task_result);
		note('noResultWhileRunning', none, task_result ?? 'missing');
	}
}

/** What holds of any task, running or not. */
export function noteForm({ task_id, created_at, updated_at }: Task, { note }: Notebook): void {
	const isText = typeof task_id === 'string' && /^\d{18}$/.test(task_id);
	note('idsAreText', isText, `${typeof task_id} of ${String(task_id).length} signs`);
	const times = [created_at, updated_at];
	const inMs = times.every((time) => time > YEAR_2020 && time < YEAR_2100);
	note('timesInMs', inMs, times);
}

export function noteEnd(task: Task, external_task_id: string, { note }: Notebook): void {
	const { task_info, task_status, final_unit_deduction } = task;
	note('infoAtTheEnd', task_info?.external_task_id === external_task_id, task_info ?? 'missing');
	if (task_status === 'failed') return;
	note('statusWord', task_status === 'succeed', task_status);
	if (final_unit_deduction !== undefined)
		note('unitDeduction', final_unit_deduction === '20', final_unit_deduction);
}

function isEmptyObject(value: unknown): boolean {
	return JSON.stringify(value) === '{}';
}
