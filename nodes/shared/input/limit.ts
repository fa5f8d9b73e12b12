import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { numberOf } from '../lib/values';
import { parameterError, quoted } from './parameterError';

/** The fields that {@link readLimit} reads, as in all nodes of n8n. */
export const limitFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** Infinity for all. @throws NodeOperationError */
export function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex)) return Infinity;
	const given: unknown = context.getNodeParameter('limit', itemIndex);
	const limit = numberOf(given);
	if (Number.isInteger(limit) && limit >= 1) return limit;
	throw parameterError(
		context,
		'Limit',
		`must be a whole number of at least 1, got ${quoted(given)}`,
		'Change it, or turn Return All on.',
	);
}
