import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { readText } from '../../../shared/input/text';

/** Characters. Source: Kling's documentation. */
export const MAX_NAME = 20;
export const MAX_DESCRIPTION = 100;

/** @throws NodeOperationError if the text of the parameter is missing or too long */
export function readLimited(
	context: IExecuteFunctions,
	itemIndex: number,
	{ name, label, max }: { name: string; label: string; max: number },
): string {
	const text = readText(context, label, context.getNodeParameter(name, itemIndex));
	const { length } = [...text];
	if (length > 0 && length <= max) return text;
	throw parameterError(
		context,
		label,
		length === 0 ? 'is empty' : `has ${length} characters, the maximum is ${max}: ${quoted(text)}`,
		`Enter 1 to ${max} characters.`,
	);
}

/** "Red sneaker 2", shortened where it has to be. */
export function numberedName(name: string, set: number): string {
	const end = ` ${set}`;
	return (
		[...name]
			.slice(0, MAX_NAME - end.length)
			.join('')
			.trimEnd() + end
	);
}
