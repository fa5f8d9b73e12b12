import type { Outcome } from '../client/payment';
import { mayExist } from '../client/payment';
import type { Words } from '../run/words';
import { earlierTries } from './errors';
import type { Order } from './order';

/** What is known of the creates of a run. */
export interface Ledger {
	/** Orders that are not noted afterwards were not sent. */
	plan: (orders: Order[]) => void;
	note: (order: Order, outcome: Outcome, external_task_id: string | undefined) => void;
	/** How many were created, how many were reused, and when the oldest of those was created (Unix ms). */
	count: () => { created: number; reused: number; oldest: number };
	/** Something was created, or may have been. */
	hasCharges: () => boolean;
	/** A line for each kind of outcome. @param exceptItem is left out, unless it has several orders */
	report: (exceptItem?: number) => string;
}

interface Entry {
	items: number[];
	part?: string | undefined;
	outcome?: Outcome | undefined;
	external_task_id?: string | undefined;
}

/**
 * @param itemCount of the input: those without an order were refused
 * @param earlierOf task ids of earlier tries that nothing protects; empty where the answer was lost
 */
export function openLedger(itemCount: number, words: Words, earlierOf: () => string[]): Ledger {
	const { noun, created, getOperation, afterEnd } = words;
	const entries = new Map<Order, Entry>();

	/** In the order of the input. */
	function all(): Entry[] {
		const known = [...entries.values()];
		const ordered = new Set(known.flatMap(({ items }) => items));
		const refused = Array.from({ length: itemCount }, (_, item) => item)
			.filter((item) => !ordered.has(item))
			.map((item): Entry => ({ items: [item] }));
		return [...known, ...refused].sort((a, b) => (a.items[0] ?? 0) - (b.items[0] ?? 0));
	}

	function others(exceptItem: number | undefined): Entry[] {
		const entries = all();
		const isExcept = ({ items }: Entry) => exceptItem !== undefined && items.includes(exceptItem);
		return entries.filter(isExcept).length > 1 ? entries : entries.filter((one) => !isExcept(one));
	}

	return {
		plan(orders) {
			for (const order of orders) entries.set(order, { items: order.items, part: order.part });
		},
		note: (order, outcome, external_task_id) =>
			void entries.set(order, { items: order.items, part: order.part, outcome, external_task_id }),
		count() {
			const reused = all().filter(isReused);
			return {
				created: all().filter(isCreated).length,
				reused: reused.length,
				oldest: Math.min(...reused.map(createdAt)),
			};
		},
		hasCharges: () => all().some((entry) => isCreated(entry) || isOpen(entry)),
		report(exceptItem) {
			const known = others(exceptItem);
			const earlier = earlierOf();
			const nothing =
				earlier.length === 0
					? 'not created, not charged'
					: `no new ${noun} was created by this try`;
			return [
				line(known.filter(isCreated), created, nameOf),
				line(known.filter(isReused), 'existed before, not charged', nameOf),
				line(known.filter(isOpen), 'sent without an answer, perhaps created and charged', nameOf),
				line(known.filter(isNothing), nothing),
				earlierTries(words, earlier),
				known.some(isCreated) || earlier.some(Boolean) ? afterEnd : '',
				known.some((one) => isOpen(one) && one.external_task_id)
					? `To see whether it was created, use ${getOperation} by its External ID.`
					: '',
			]
				.filter(Boolean)
				.join('\n');
		},
	};
}

function isCreated({ outcome }: Entry): boolean {
	return outcome?.is === 'task' && outcome.origin !== 'foreign';
}

function isReused({ outcome }: Entry): boolean {
	return outcome?.is === 'task' && outcome.origin === 'foreign';
}

function createdAt({ outcome }: Entry): number {
	return outcome?.is === 'task' ? (outcome.task.created_at ?? Date.now()) : Date.now();
}

function isOpen({ outcome }: Entry): boolean {
	return outcome !== undefined && mayExist(outcome);
}

function isNothing({ outcome }: Entry): boolean {
	return outcome === undefined || (outcome.is !== 'task' && !mayExist(outcome));
}

function nameOf({ outcome, external_task_id }: Entry): string {
	if (outcome?.is === 'task') return outcome.task.task_id;
	return external_task_id ? `External ID ${external_task_id}` : 'no External ID';
}

function line(entries: Entry[], what: string, name?: (entry: Entry) => string): string {
	if (entries.length === 0) return '';
	const names = name ? ` (${entries.map(name).join(', ')})` : '';
	const count = entries.flatMap(({ items }) => items).length;
	return `${count === 1 ? 'Item' : 'Items'} ${entries.map(placeOf).join(', ')}: ${what}${names}.`;
}

/** Such as "3", "0 to 8 (set 2)". */
function placeOf({ items, part }: Entry): string {
	const [first = 0] = items;
	const isRow = items.length > 2 && items.every((item, position) => item === first + position);
	const places = isRow ? `${first} to ${items.at(-1)}` : items.join(', ');
	return part === undefined ? places : `${places} (${part})`;
}
