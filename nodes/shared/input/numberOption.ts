import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { numberOf } from '../lib/values';
import { parameterError, quoted } from './parameterError';

/**
 * The value of an entry of `options`, from item 0. The field itself says default and limits.
 * @param min where 0 means "automatic", the smallest other value
 * @param needsValue an entry that is there but empty, such as an expression without a result, is refused
 */
export function readNumber(
	context: IExecuteFunctions,
	field: INodeProperties,
	{ min, needsValue = false }: { min?: number; needsValue?: boolean } = {},
): number {
	const options = context.getNodeParameter('options', 0, {});
	const value = options[field.name];
	const isEmpty = value === undefined || value === '';
	if (isEmpty && !(needsValue && field.name in options)) return Number(field.default);
	// A blank must not count as 0, which means "no limit" in some fields.
	const number = numberOf(value);
	const { minValue = -Infinity, maxValue = Infinity } = field.typeOptions ?? {};
	const least = min ?? minValue;
	if ((min !== undefined && number === 0) || (number >= least && number <= maxValue)) return number;
	const [label = '', isTime] = field.displayName.split(' (Seconds)');
	const unit = isTime === undefined ? '' : ' seconds';
	throw parameterError(
		context,
		label,
		`must be between ${least} and ${maxValue.toLocaleString('en-US')}${unit}, got ${quoted(value)}`,
		min === undefined ? 'Change it in the Options.' : 'Change it in the Options; 0 is automatic.',
	);
}
