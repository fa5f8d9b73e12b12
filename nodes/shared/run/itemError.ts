import { NodeApiError, NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { isTool } from '../client/externalId';

/** The error, with the item that it belongs to. */
export function ofItem(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	const known =
		error instanceof NodeApiError || error instanceof NodeOperationError
			? error
			: new NodeOperationError(context.getNode(), error as Error, { itemIndex });
	known.context.itemIndex ??= itemIndex;
	return known;
}

/** An AI agent hands its model the message alone: there, what to do has to stand in it. */
export function forReader<Failure extends NodeApiError | NodeOperationError>(
	context: IExecuteFunctions,
	failure: Failure,
): Failure {
	const { message, description } = failure;
	if (isTool(context) && description && !message.includes(description))
		failure.message = `${message}\n${description}`;
	return failure;
}
