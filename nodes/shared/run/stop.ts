import type { IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../lib/values';

/** n8n cuts off values of more than 512 characters. */
const MAX_VALUE_LENGTH = 500;

/**
 * Of a stopped execution n8n may store no error of a node. So what was charged goes to n8n's log, and to the
 * execution's custom data, which n8n stores in any case.
 */
export function logAtStop(context: IExecuteFunctions, report: string): void {
	context.logger.warn(`${context.getNode().name}: stopped. ${report}`);
	const $execution: unknown = context.getWorkflowDataProxy(0).$execution;
	const customData = isObject($execution) ? $execution.customData : undefined;
	if (isCustomData(customData)) customData.set('kling_tasks', report.slice(0, MAX_VALUE_LENGTH));
}

function isCustomData(value: unknown): value is { set: (key: string, value: string) => void } {
	return isObject(value) && typeof value.set === 'function';
}
