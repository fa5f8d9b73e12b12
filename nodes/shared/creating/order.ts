import type { KlingTask } from '../client/task';
import type { CreateBody } from '../client/taskApi';
import type { Words } from '../run/words';

/** One create, checked and not yet sent. */
export interface Order {
	/** Without the external id. Read again each time, so that images take no memory until then. */
	load: () => Promise<CreateBody>;
	/** It may have been used before, in another execution. Empty: one is made that holds within this execution. */
	external_task_id: string;
	ifExternalIdExists: 'reuse' | 'error';
	reuseTaskOnRetry: boolean;
	/** Positions of the input items that it belongs to, at least one. */
	items: number[];
	/** Tells several orders of one item apart, such as "set 2". */
	part?: string;
	/** The order to create where the id's task exists and cannot be used. Undefined: that is an error. */
	replacement?: (unusable: KlingTask) => Order | undefined;
}

/** The item that the order's errors belong to. */
export function firstItem({ items: [first = 0] }: Pick<Order, 'items'>): number {
	return first;
}

/** An order that is part of an item says so. */
export function wordsFor({ part }: Order, words: Words): Words {
	return part === undefined ? words : { ...words, target: part };
}
