import type { IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask } from '../../../shared/client/task';
import { readItems, throwRefused } from '../../../shared/creating/readItems';
import { nothingChargedFor } from '../../../shared/creating/earlierCharges';
import { sharedIdError } from '../../../shared/creating/errors';
import { firstItem, type Order } from '../../../shared/creating/order';
import { digestOf } from '../../../shared/lib/values';
import { addHint } from '../../../shared/run/hint';
import { toItemError } from '../../../shared/run/itemError';
import type { Run } from '../../../shared/run/operation';
import { ELEMENT_WORDS } from '../../../shared/run/words';
import { readRequests, type ElementRequest } from './input';
import { taskReader } from './readSets';

/** What becomes of the items. */
export interface Orders {
	refused: Map<number, Error>;
	all: Order[];
	/** Keyed by each order's first item, which gets the output of an element that several items want. */
	byItem: Map<number, Order[]>;
}

/** If an element from views failed or was deleted, it is created again under the next id, up to this suffix. */
const MAX_SUFFIX = 99;

/**
 * Reads all items, before anything is created. Items that want the same element share one order.
 * @throws NodeOperationError for the first item that is refused, unless the user chose to continue
 */
export async function readOrders(run: Run): Promise<Orders> {
	const { context, kling } = run;
	const readTask = taskReader(kling.multiShot);
	const read = await readItems(
		run,
		ELEMENT_WORDS,
		async (itemIndex) => await readRequests(run, itemIndex, readTask),
	);
	const refused = new Map<number, Error>();
	const joined: Joined = { byKey: new Map(), byId: new Map() };
	for (const [itemIndex, wanted] of read.entries()) {
		const error =
			wanted instanceof Error
				? wanted
				: await join(run, joined, wanted).catch((failure: unknown) => failure as Error);
		if (error) refused.set(itemIndex, toItemError(context, error, itemIndex));
	}
	throwRefused(run, [...refused.values()]);
	const requests = [...joined.byKey.values()];
	for (const { hint } of requests) if (hint !== undefined) addHint(context, hint);
	const all = requests.map((request) =>
		request.hasDefaultId ? numbered(context, request.order) : request.order,
	);
	const byItem = new Map<number, Order[]>();
	for (const order of all)
		byItem.set(firstItem(order), [...(byItem.get(firstItem(order)) ?? []), order]);
	return { refused, all, byItem };
}

interface Joined {
	byKey: Map<string, ElementRequest>;
	/** By external id. */
	byId: Map<string, ElementRequest>;
}

/** Adds what an item wants. @returns why not, and then nothing of it is added */
async function join(
	run: Run,
	{ byKey, byId }: Joined,
	wanted: ElementRequest[],
): Promise<Error | undefined> {
	for (const request of wanted) {
		const { external_task_id } = request.order;
		const other = byId.get(external_task_id);
		if (!other || (await isSame(request, other))) continue;
		const first = firstItem(other.order);
		const charge = nothingChargedFor(run, ELEMENT_WORDS, firstItem(request.order));
		const shared = { external_task_id, of: 'element', first };
		return sharedIdError(run.context, ELEMENT_WORDS, shared, charge);
	}
	for (const request of wanted) {
		const { external_task_id } = request.order;
		const key = request.key || `item ${firstItem(request.order)}`;
		const known = byKey.get(key);
		if (known) known.order.items.push(firstItem(request.order));
		else byKey.set(key, request);
		if (!known && external_task_id !== '') byId.set(external_task_id, request);
	}
	return undefined;
}

async function isSame(one: ElementRequest, other: ElementRequest): Promise<boolean> {
	if (one.key !== other.key) return false;
	if (!one.isFromImages) return true;
	return (await contentOf(one)) === (await contentOf(other));
}

async function contentOf({ order }: ElementRequest): Promise<string> {
	return digestOf(JSON.stringify(await order.load()));
}

/** The default id consists of task and set. A suffix counts the replacements: `…-2` is the first one. */
function numbered(
	context: IExecuteFunctions,
	order: Order,
	base = order.external_task_id,
	number = 1,
): Order {
	const external_task_id = number === 1 ? base : `${base}-${number}`;
	const replacement = ({ task_status }: KlingTask) => {
		if (number >= MAX_SUFFIX) return undefined;
		addHint(context, replacementHint(external_task_id, task_status === 'failed', number + 1));
		return numbered(context, order, base, number + 1);
	};
	return { ...order, external_task_id, replacement };
}

export function replacementHint(id: string, hasFailed: boolean, nextSuffix: number): string {
	const why = hasFailed ? 'failed' : 'was deleted';
	return `The element with External ID ${id} ${why}: the new one's ID ends with -${nextSuffix}.`;
}
