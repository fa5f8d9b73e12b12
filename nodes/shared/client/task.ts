import type { IDataObject } from 'n8n-workflow';
import { isObject } from '../lib/values';

/** Statuses that Kling documents. */
export type KnownStatus = 'submitted' | 'processing' | FinalStatus;
export type FinalStatus = 'succeed' | 'failed';
/** Kling may add others: they count as unfinished. */
export type TaskStatus = KnownStatus | (string & {});

/** Kling's own object, field for field; times are Unix milliseconds. What Kling adds later passes through. */
export interface KlingTask extends IDataObject {
	/** 18 digits, more than a Number holds. */
	task_id: string;
	task_status: TaskStatus;
	/** Why it failed. */
	task_status_msg?: string;
	/** May be empty while the task runs. */
	task_info?: { external_task_id?: string };
	task_result?: IDataObject & { images?: IDataObject[] };
	created_at?: number;
	updated_at?: number;
}

/** How a user names a task. */
export interface TaskReference {
	id: string;
	/** It is an external id, and not the id of a task. */
	isExternal?: boolean;
}

/** Newer endpoints of Kling say `succeeded` for what this API calls `succeed`. */
export function canonicalStatus(status: string): TaskStatus {
	return status === 'succeeded' ? 'succeed' : status;
}

export function isFinalStatus(status: TaskStatus): status is FinalStatus {
	return status === 'succeed' || status === 'failed';
}

export function isFinal({ task_status }: Pick<KlingTask, 'task_status'>): boolean {
	return isFinalStatus(task_status);
}

/** The task in an answer's data, or undefined if there is none. A task id that came as a number is text by now. */
export function readTask(data: unknown): KlingTask | undefined {
	if (!isObject(data)) return undefined;
	const { task_id, task_status } = data;
	if (typeof task_id !== 'string' || task_id === '' || typeof task_status !== 'string')
		return undefined;
	return { ...data, task_id, task_status: canonicalStatus(task_status) };
}

/** Kling leaves it out while a task runs, and for tasks that were created without one. */
export function externalIdOf({ task_info }: KlingTask): string | undefined {
	const id: unknown = isObject(task_info) ? task_info.external_task_id : undefined;
	return typeof id === 'string' && id !== '' ? id : undefined;
}

/**
 * Whether a task that was found under an external id really has it: Kling reads a task id in the same place, and an
 * exact task id wins.
 */
export function hasExternalId(task: KlingTask, external_task_id: string): boolean {
	const shown = externalIdOf(task);
	return shown === undefined ? task.task_id !== external_task_id : shown === external_task_id;
}
