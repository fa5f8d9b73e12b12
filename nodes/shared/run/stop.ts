import type { IExecuteFunctions } from 'n8n-workflow';

/** n8n cuts off values of more than 512 characters. */
const LONGEST_VALUE = 500;

/**
 * Of an execution that was stopped n8n may store no error of a node. So what was paid stands in its log, and in the
 * custom data of the execution, which n8n stores all the same.
 */
export function tellAtStop(context: IExecuteFunctions, report: string): void {
	context.logger.warn(`${context.getNode().name}: stopped. ${report}`);
	const { $execution } = context.getWorkflowDataProxy(0) as {
		$execution?: { customData?: { set?: (key: string, value: string) => void } };
	};
	$execution?.customData?.set?.('kling_tasks', report.slice(0, LONGEST_VALUE));
}
