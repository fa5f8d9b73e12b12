import type { IWebhookFunctions } from 'n8n-workflow';
import type { Callback } from '../../shared/client/callback';
import { externalIdOf, type KlingTask } from '../../shared/client/task';
import { asText } from '../../shared/lib/values';

/** Which tasks start the workflow. */
export interface Filter {
	statuses: string[];
	/** Empty: all tasks. */
	externalTaskIdPrefix: string;
	skipApiCheckWhenSigned: boolean;
}

export function readFilter(context: IWebhookFunctions): Filter {
	const statuses: unknown = context.getNodeParameter('statuses', []);
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		statuses: Array.isArray(statuses) ? statuses.map(String) : [],
		externalTaskIdPrefix: asText(options.externalTaskIdPrefix),
		skipApiCheckWhenSigned: options.skipApiCheckWhenSigned === true,
	};
}

/** By what the callback states: real ones were seen without an external id. */
export function mayPass(
	{ task_status, external_task_id }: Callback,
	{ statuses, externalTaskIdPrefix }: Filter,
): boolean {
	const mayHavePrefix = !external_task_id || external_task_id.startsWith(externalTaskIdPrefix);
	return statuses.includes(task_status) && mayHavePrefix;
}

export function passes(task: KlingTask, { statuses, externalTaskIdPrefix }: Filter): boolean {
	const external_task_id = externalIdOf(task) ?? '';
	return statuses.includes(task.task_status) && external_task_id.startsWith(externalTaskIdPrefix);
}
