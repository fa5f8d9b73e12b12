import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isTool } from '../input/tool';

export type NodeFailure = NodeApiError | NodeOperationError;

/** The error, with the item that it belongs to. */
export function toItemError(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): NodeFailure {
	const known =
		error instanceof NodeApiError || error instanceof NodeOperationError
			? error
			: new NodeOperationError(context.getNode(), error as Error, { itemIndex });
	known.context.itemIndex ??= itemIndex;
	return known;
}

/** An AI agent passes the message alone to its model: there, the advice has to be part of it. */
export function withAdviceForTool(context: IExecuteFunctions, failure: NodeFailure): NodeFailure {
	const { message, description } = failure;
	if (isTool(context) && description && !message.includes(description))
		failure.message = `${message}\n${description}`;
	return failure;
}

/** For the editor, which shows the description as HTML: there a line break alone would be a space. */
export function withLineBreaks(context: IExecuteFunctions, failure: NodeFailure): NodeFailure {
	if (!isTool(context))
		failure.description = failure.description?.replace(/(?<!<br>)\n/g, '<br>\n');
	return failure;
}

/**
 * The output of an item that failed, where the workflow goes on. n8n sends an item with no other keys to the error
 * output and merges the input's fields into it; on the regular output they are kept here. An `error` property beside
 * `json` would make n8n drop everything but the message.
 */
export function errorItem(
	context: IExecuteFunctions,
	failure: NodeFailure,
	itemIndex: number,
): INodeExecutionData {
	const { message, description } = failure;
	const details = description ?? '';
	const said = { error: message, ...(details !== '' && { details }) };
	const isRouted = context.getNode().onError === 'continueErrorOutput';
	const input = isRouted ? {} : context.getInputData()[itemIndex]?.json;
	return { json: { ...input, ...said }, pairedItem: { item: itemIndex } };
}
