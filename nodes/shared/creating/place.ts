import type { IExecuteFunctions } from 'n8n-workflow';
import type { CreateBody } from '../client/taskApi';
import { isTool } from '../input/tool';
import { digestOf } from '../lib/values';
import { firstItem, type Order } from './order';

/** One create among all others. */
export interface Place {
	/** The same for each try of it. */
	key: string;
	/** Node, run and item: all creates of one item. As a tool the node alone, since n8n names no call. */
	itemKey: string;
}

/**
 * For a tool, n8n increments the run index at each try, and two calls can share everything else. So a digest of the
 * request takes the place of the run index.
 * @param body as sent
 * @returns undefined if n8n names no execution
 */
export function placeOf(
	context: IExecuteFunctions,
	order: Pick<Order, 'items' | 'part' | 'external_task_id'>,
	body: CreateBody,
): Place | undefined {
	const executionId = context.getExecutionId();
	if (!executionId) return undefined;
	const itemIndex = firstItem(order);
	const turn: unknown = isTool(context)
		? digestOf(JSON.stringify([order.external_task_id, body]))
		: context.getWorkflowDataProxy(itemIndex).$runIndex;
	const key = JSON.stringify([
		context.getInstanceId(),
		context.getWorkflow().id,
		executionId,
		context.getNode().id,
		itemIndex,
		turn,
		...(order.part === undefined ? [] : [order.part]),
	]);
	return { key, itemKey: itemKeyOf(context, itemIndex) };
}

export function itemKeyOf(context: IExecuteFunctions, itemIndex: number): string {
	const { id } = context.getNode();
	if (isTool(context)) return JSON.stringify([id]);
	return JSON.stringify([id, context.getWorkflowDataProxy(itemIndex).$runIndex, itemIndex]);
}
