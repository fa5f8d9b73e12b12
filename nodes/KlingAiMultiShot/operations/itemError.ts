import { NodeApiError, NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

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
