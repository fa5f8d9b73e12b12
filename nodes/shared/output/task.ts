import type { IDataObject } from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import { viewsOf } from './views';

/** Source: Kling's documentation: images are deleted after 30 days. */
const IMAGES_LIVE_MS = 30 * 24 * 60 * 60 * 1000;

/** What the node adds beside Kling's fields. */
export interface Added extends IDataObject {
	/** Where the node waited: whether the task has finished. */
	completed?: boolean;
	/** The task existed before, and this item was not charged. */
	reused?: boolean;
	/** The address of the front image, where the task was created from one. */
	front_image_url?: string;
}

/** Kling's task as it came, with `image_urls` (flat, in order) and `expires_at` (ISO time) where it has images. */
export function taskOutput(task: KlingTask, added: Added = {}): IDataObject {
	const urls = viewsOf(task).map(({ url }) => url);
	const expires_at = expiryOf(task);
	return {
		...task,
		...added,
		...(urls.length > 0 && { image_urls: urls }),
		...(expires_at !== undefined && { expires_at }),
	};
}

/** ISO time. */
export function expiryOf(task: KlingTask): string | undefined {
	const at = imagesExpireAt(task);
	return at === undefined ? undefined : new Date(at).toISOString();
}

/** Unix milliseconds; undefined if the task has no images. */
export function imagesExpireAt({ task_status, updated_at }: KlingTask): number | undefined {
	const hasTime = typeof updated_at === 'number' && Math.abs(updated_at) < 8.64e15 - IMAGES_LIVE_MS;
	return task_status === 'succeed' && hasTime ? updated_at + IMAGES_LIVE_MS : undefined;
}
