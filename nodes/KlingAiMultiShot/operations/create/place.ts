import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { isTool } from '../../../shared/input/tool';

/**
 * What tells one item's create from all others, and is the same for each try of it. As a tool n8n raises the run index
 * at each try, and two calls can share everything else: there the image takes its place.
 * @param image as sent
 * @returns undefined where n8n names no execution
 */
export function placeOf(
	context: IExecuteFunctions,
	itemIndex: number,
	image: string,
): string | undefined {
	const executionId = context.getExecutionId();
	if (!executionId) return undefined;
	const turn: unknown = isTool(context)
		? createHash('sha256').update(image).digest('base64url')
		: context.getWorkflowDataProxy(itemIndex).$runIndex;
	return JSON.stringify([
		context.getInstanceId(),
		context.getWorkflow().id,
		executionId,
		context.getNode().id,
		itemIndex,
		turn,
	]);
}
