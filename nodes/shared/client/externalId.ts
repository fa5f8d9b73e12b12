import { createHash } from 'node:crypto';

/**
 * An external id that is the same for each try of one item within one execution, and for nothing else: n8n's Retry On
 * Fail then finds the task that an earlier try created.
 * @param place what tells the item from all others: instance, workflow, execution, node, run, item
 */
export function generateExternalId(place: string): string {
	return `n8n-${createHash('sha256').update(place).digest('base64url')}`;
}

/** Whether the node made the id, and not the user. */
export function isGeneratedId(external_task_id: string): boolean {
	return /^n8n-[\w-]{43}$/.test(external_task_id);
}

/** Dots alone would be another path, and half of a Unicode pair cannot be sent. */
export function isUsableExternalId(id: string): boolean {
	return !/^\.\.?$|\p{Surrogate}/u.test(id);
}
