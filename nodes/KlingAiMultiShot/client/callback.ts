import { isObject } from '../transport/values';
import { canonicalStatus, type TaskStatus } from './task';

/** What a callback says of itself; true is only what the API says of the task. */
export interface Callback {
	task_id: string;
	task_status: TaskStatus;
}

const ID = /^[\w-]{1,64}$/;

/** Reads both shapes, `{task_id, task_status}` and the newer `{id, status}` of the console's test callback. Never throws. */
export function readCallback(body: unknown): Callback | undefined {
	if (!isObject(body)) return undefined;
	const task_id = body.task_id ?? body.id;
	const task_status = body.task_status ?? body.status;
	if (typeof task_id !== 'string' || !ID.test(task_id)) return undefined;
	if (typeof task_status !== 'string' || task_status === '') return undefined;
	return { task_id, task_status: canonicalStatus(task_status) };
}
