import type { IDataObject } from 'n8n-workflow';
import type { KlingTask } from '../client/task';

/** Source: Kling's documentation: pictures are deleted after 30 days. */
const PICTURES_LIVE_MS = 30 * 24 * 60 * 60 * 1000;

/** What the node adds beside Kling's fields. */
export interface Added extends IDataObject {
	/** Where the node waited: whether the task has finished. */
	completed?: boolean;
	/** The task had been made before and was adopted instead of paid again. */
	reused?: boolean;
}

/** Kling's task as it came, with `expires_at` (ISO time) where there are pictures. */
export function taskOutput(task: KlingTask, added: Added = {}): IDataObject {
	const expires = picturesExpireAt(task);
	return {
		...task,
		...added,
		...(expires !== undefined && { expires_at: new Date(expires).toISOString() }),
	};
}

/** Unix milliseconds; undefined where the task has no pictures. */
export function picturesExpireAt({ task_status, updated_at }: KlingTask): number | undefined {
	const hasTime =
		typeof updated_at === 'number' && Math.abs(updated_at) < 8.64e15 - PICTURES_LIVE_MS;
	return task_status === 'succeed' && hasTime ? updated_at + PICTURES_LIVE_MS : undefined;
}
