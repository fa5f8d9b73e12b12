import { NodeOperationError } from 'n8n-workflow';
import type { KlingContext } from '../transport/context';
import { inLines } from '../run/klingError';
import type { Refusal } from './imageRules';

/**
 * Refuses bad input before any request is sent.
 * @param found the end of a sentence that begins with the parameter: what was found, and the rule
 * @param advice what to do
 */
export function parameterError(
	context: KlingContext,
	parameter: string,
	found: string,
	advice: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), `${parameter} ${found}`, {
		description: advice,
	});
}

/** At most 60 characters of what the user gave; text in quotes. */
export function quoted(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
	const printable = text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
	const short = printable.length > 60 ? `${printable.slice(0, 57)}…` : printable;
	return typeof value === 'string' ? `"${short}"` : short;
}

/** @param label the parameter that the image comes from */
export function imageError(
	context: KlingContext,
	label: string,
	{ found, advice }: Refusal,
): NodeOperationError {
	return parameterError(context, 'Image', found, inLines(advice, `Parameter: ${label}`));
}
