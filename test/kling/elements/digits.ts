import { checkKeys, parsedObject } from '../body';
import { KlingError } from '../errors';

/** The documented type of `element_id` is long, which JSON.stringify cannot write: text becomes a number literal of the same digits. */
export const withNumberIds = (json: string): string =>
	json.replace(/"element_id":"(\d+)"/g, '"element_id":$1');

/** The digits as they came, since a Number would change the last ones. Throws unless `element_id` is a whole number and alone. */
export function elementIdIn(text: string): string {
	const digits = /^\s*\{\s*"element_id"\s*:\s*(\d+)\s*\}\s*$/.exec(text)?.[1];
	if (digits !== undefined && /^[1-9]/.test(digits)) return digits;
	const body = parsedObject(text);
	checkKeys(body, new Set(['element_id']));
	if (!('element_id' in body)) throw new KlingError(1200, 'element_id is required');
	throw new KlingError(1201, 'element_id must be a whole number');
}
