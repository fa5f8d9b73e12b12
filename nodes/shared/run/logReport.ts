import type { IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../lib/values';

/** n8n cuts off values of more than 512 characters. */
const MAX_VALUE_LENGTH = 500;

/**
 * What a run that ended early has created and charged: for n8n's log, and for the execution's custom data, which n8n
 * stores even where it stores no error of the node.
 */
export function logReport(context: IExecuteFunctions, report: string): void {
	context.logger.warn(`${context.getNode().name} ended early. ${report}`);
	const $execution: unknown = context.getWorkflowDataProxy(0).$execution;
	const customData = isObject($execution) ? $execution.customData : undefined;
	if (isCustomData(customData)) customData.set('kling_tasks', report.slice(0, MAX_VALUE_LENGTH));
}

function isCustomData(value: unknown): value is { set: (key: string, value: string) => void } {
	return isObject(value) && typeof value.set === 'function';
}
