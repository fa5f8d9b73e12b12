import type { IWebhookFunctions } from 'n8n-workflow';
import type { Callback } from '../../shared/client/callback';
import type { KlingTask } from '../../shared/client/task';
import { asText } from '../../shared/lib/values';

/** Which tasks the user wants. */
export interface Wanted {
	statuses: string[];
	/** Empty: all tasks. */
	externalTaskIdPrefix: string;
	skipApiCheckWhenSigned: boolean;
}

export function readWanted(context: IWebhookFunctions): Wanted {
	const statuses: unknown = context.getNodeParameter('statuses', []);
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		statuses: Array.isArray(statuses) ? statuses.map(String) : [],
		externalTaskIdPrefix: asText(options.externalTaskIdPrefix),
		skipApiCheckWhenSigned: options.skipApiCheckWhenSigned === true,
	};
}

/** By what the callback states: real ones were seen without an external id. */
export function mayBeWanted(
	{ task_status, external_task_id }: Callback,
	{ statuses, externalTaskIdPrefix }: Wanted,
): boolean {
	const mayHavePrefix = !external_task_id || external_task_id.startsWith(externalTaskIdPrefix);
	return statuses.includes(task_status) && mayHavePrefix;
}

export function isWanted(
	{ task_status, task_info }: KlingTask,
	{ statuses, externalTaskIdPrefix }: Wanted,
): boolean {
	const external_task_id = task_info?.external_task_id ?? '';
	return statuses.includes(task_status) && external_task_id.startsWith(externalTaskIdPrefix);
}
