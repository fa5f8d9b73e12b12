import { NodeOperationError } from 'n8n-workflow';
import type { KlingContext } from '../transport/context';
import { IMAGE_RULES, type Refusal } from './imageRules';

/** Refuses bad input before any request is sent: which parameter, what was found, and the rule as a hint. */
export function parameterError(
	context: KlingContext,
	parameter: string,
	found: string,
	rule: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), `${parameter} ${found}`, { description: rule });
}

/** At most 60 characters of what the user gave, in quotes. */
export function quoted(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
	return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
}

/** @param label the parameter that the image comes from */
export function imageError(
	context: KlingContext,
	label: string,
	{ found, advice }: Refusal,
): NodeOperationError {
	return parameterError(context, 'Image', found, `${label}: ${advice} Kling takes ${IMAGE_RULES}.`);
}
