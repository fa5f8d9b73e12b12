import type { IDataObject } from 'n8n-workflow';
import { isObject } from '../lib/values';

/** Final are the last two. Kling may add others: they count as unfinished. */
export type TaskStatus = 'submitted' | 'processing' | 'succeed' | 'failed';

/** Kling's own object, field for field; times are Unix milliseconds. What Kling adds later passes through. */
export interface KlingTask extends IDataObject {
	/** 18 digits, more than a Number holds. */
	task_id: string;
	task_status: TaskStatus;
	/** Why it failed. */
	task_status_msg?: string;
	/** May be empty while the task runs. */
	task_info?: { external_task_id?: string };
	task_result?: { images?: IDataObject[] };
	created_at?: number;
	updated_at?: number;
}

/** Newer endpoints of Kling say `succeeded` for what this API calls `succeed`. */
export function canonicalStatus(status: string): TaskStatus {
	return (status === 'succeeded' ? 'succeed' : status) as TaskStatus;
}

export function isFinal({ task_status }: { task_status: string }): boolean {
	return task_status === 'succeed' || task_status === 'failed';
}

/** The task in an answer's data, or undefined where it is none. A task id that came as a number has lost digits. */
export function readTask(data: unknown): KlingTask | undefined {
	if (!isObject(data)) return undefined;
	const { task_id, task_status } = data;
	if (typeof task_id !== 'string' || task_id === '' || typeof task_status !== 'string')
		return undefined;
	return { ...data, task_id, task_status: canonicalStatus(task_status) };
}
