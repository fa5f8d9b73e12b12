import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The same for each try of one item within one execution, and for nothing else: n8n's Retry On Fail then
 * finds the task that an earlier try has made.
 * @param picture exactly as sent
 * @returns undefined where n8n names no execution
 */
export function makeExternalId(
	context: IExecuteFunctions,
	itemIndex: number,
	picture: string,
): string | undefined {
	const executionId = context.getExecutionId();
	if (!executionId) return undefined;
	const place = [
		context.getInstanceId(),
		context.getWorkflow().id,
		executionId,
		context.getNode().id,
		itemIndex,
		// As a tool n8n raises the run index at each try.
		isTool(context) ? undefined : context.getWorkflowDataProxy(itemIndex).$runIndex,
	];
	const hash = createHash('sha256').update(JSON.stringify(place)).update(picture);
	return `n8n-${hash.digest('base64url')}`;
}

/** Dots alone would be another path, and half a Unicode sign cannot be sent. */
export function isUsableExternalId(id: string): boolean {
	return !/^\.\.?$|\p{Surrogate}/u.test(id);
}

/** Older n8n does not say so by a function, but names the node's type with "Tool" at its end. */
export function isTool(context: IExecuteFunctions): boolean {
	const asked: Partial<Pick<IExecuteFunctions, 'isToolExecution'>> = context;
	return asked.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
