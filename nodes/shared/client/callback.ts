import type { IDataObject } from 'n8n-workflow';
import { isObject } from '../lib/values';
import { canonicalStatus, type KlingTask, type TaskStatus } from './task';

/** What a callback claims; only the API says what is true of the task. */
export interface Callback {
	task_id: string;
	task_status: TaskStatus;
	/** Real callbacks were seen without it. */
	external_task_id?: string;
}

/** The API may be late: it is read after each of these pauses, while Kling waits for the response. */
export const READ_PAUSES_MS = [0, 500, 1_500, 3_000];

const ID = /^[\w-]{1,64}$/;
const STATUS = /^[\w-]{1,32}$/;

/** Reads both shapes, `{task_id, task_status}` and the newer `{id, status}` of the console's test callback. Never throws. */
export function readCallback(body: unknown): Callback | undefined {
	if (!isObject(body)) return undefined;
	const task_id = body.task_id ?? body.id;
	const task_status = body.task_status ?? body.status;
	if (typeof task_id !== 'string' || !ID.test(task_id)) return undefined;
	if (typeof task_status !== 'string' || !STATUS.test(task_status)) return undefined;
	const external_task_id = statedExternalId(body);
	return {
		task_id,
		task_status: canonicalStatus(task_status),
		...(external_task_id && { external_task_id }),
	};
}

function statedExternalId(body: Record<string, unknown>): string | undefined {
	const info = isObject(body.task_info) ? body.task_info : {};
	const id = info.external_task_id ?? body.external_task_id ?? body.external_id;
	return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

/** The task as a callback describes it whose signature was verified. */
export function taskOfCallback(
	body: IDataObject,
	{ task_id, task_status, external_task_id }: Callback,
): KlingTask {
	const task_info = { ...(isObject(body.task_info) ? body.task_info : {}), external_task_id };
	return {
		...body,
		task_id,
		task_status,
		...(external_task_id !== undefined && { task_info }),
	} as KlingTask;
}
