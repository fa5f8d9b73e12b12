import { NodeOperationError } from 'n8n-workflow';
import type { KlingContext } from '../transport/context';
import { isObject } from '../lib/values';
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

/** Characters that {@link quoted} shows. */
const MAX_QUOTED = 60;
/** One more, so that a longer text is known to be longer. */
const ENOUGH = MAX_QUOTED + 1;

/** At most 60 characters of what the user gave; text in quotes. What it does not show is not read, either. */
export function quoted(value: unknown): string {
	const text = typeof value === 'string' ? value : beginningOf(value);
	const printable = text
		.slice(0, ENOUGH)
		.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
	const short =
		printable.length > MAX_QUOTED ? `${printable.slice(0, MAX_QUOTED - 3)}…` : printable;
	return typeof value === 'string' ? `"${short}"` : short;
}

/** As JSON, which has at least one character for each value in it. */
function beginningOf(value: unknown): string {
	let left = ENOUGH;
	const shorten = (_key: string, one: unknown): unknown => {
		left = Math.max(0, left - 1);
		if (typeof one === 'string') return one.slice(0, ENOUGH);
		if (Array.isArray(one)) return one.slice(0, left);
		return isObject(one) ? firstFields(one, left) : one;
	};
	return JSON.stringify(value, shorten) ?? String(value);
}

function firstFields(given: Record<string, unknown>, count: number): Record<string, unknown> {
	const keys = Object.keys(given).slice(0, count);
	return Object.fromEntries(keys.map((key) => [key.slice(0, ENOUGH), given[key]]));
}

/** @param label the parameter that the image comes from */
export function imageError(
	context: KlingContext,
	label: string,
	{ found, advice }: Refusal,
): NodeOperationError {
	return parameterError(context, 'Image', found, inLines(advice, `Parameter: ${label}`));
}
