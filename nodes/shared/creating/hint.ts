import type { IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../lib/values';
import type { Words } from '../run/words';
import type { Order } from './order';

/** More would fill the panel. */
const MAX_NAMED = 10;
const HOUR_MS = 60 * 60 * 1000;

interface Counts {
	created: number;
	reused: number;
	/** Unix milliseconds of the oldest reused task's creation. */
	oldest: number;
}

/** For the output panel; undefined if there is nothing to say. */
export function hintFor({ count }: Words, { created, reused, oldest }: Counts): string | undefined {
	if (created + reused === 0) return undefined;
	if (reused === 0) return `${count}: ${created}`;
	const hours = Math.floor((Date.now() - oldest) / HOUR_MS);
	const age = hours >= 1 ? ` (created up to ${hours} h ago)` : '';
	return `${count}: ${created}, reused: ${reused}${age}`;
}

/** For items whose External Task ID expression is empty: they are not protected from a second charge. */
export function emptyIdHint(
	context: IExecuteFunctions,
	{ noun }: Words,
	orders: Order[],
): string | undefined {
	// getNodeParameter() gives only the value. The raw parameter shows whether it is an expression ("=…").
	const options: unknown = context.getNode().parameters.options;
	const entered = isObject(options) ? options.externalTaskId : undefined;
	if (typeof entered !== 'string' || !/^=\s*\S/.test(entered)) return undefined;
	const items = orders.filter((one) => one.external_task_id === '').flatMap((one) => one.items);
	if (items.length === 0) return undefined;
	const named = items.slice(0, MAX_NAMED).map(String);
	if (items.length > MAX_NAMED) named.push(`${items.length - MAX_NAMED} more`);
	const list = new Intl.ListFormat('en-GB').format(named);
	return items.length === 1
		? `External Task ID is empty for item ${list}: a later run creates a new ${noun} for it.`
		: `External Task ID is empty for items ${list}: a later run creates new ${noun}s for them.`;
}
