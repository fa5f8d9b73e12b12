import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from './parameterError';

/** The value of an entry of `options`, from item 0. The field itself says the default and the limits. */
export function readNumber(context: IExecuteFunctions, field: INodeProperties): number {
	const value = context.getNodeParameter('options', 0, {})[field.name];
	if (value === undefined || value === '') return Number(field.default);
	const { minValue = -Infinity, maxValue = Infinity } = field.typeOptions ?? {};
	const number = typeof value === 'boolean' ? NaN : Number(value);
	if (!(number >= minValue && number <= maxValue))
		throw parameterError(
			context,
			field.displayName,
			`is ${quoted(value)}`,
			`A number from ${minValue} to ${maxValue} is expected.`,
		);
	return number;
}
