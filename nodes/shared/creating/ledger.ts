import { hasCharges, type Charges } from '../client/charges';
import { mayExist, type Outcome } from '../client/payment';
import { smallest } from '../lib/values';
import type { Words } from '../run/words';
import type { Order } from './order';

/** What became of one order. */
export interface Noted {
	outcome: Outcome;
	/** The external id as it was sent. */
	id: string | undefined;
	/** Of earlier tries. */
	earlier: Charges;
}

/** What is known of the creates of a run. */
export interface Ledger {
	/** Orders that are not noted afterwards were not sent. */
	plan: (orders: Order[]) => void;
	note: (order: Order, noted: Noted) => void;
	/** How many tasks were created, how many items reused one, and when the oldest of those was created (Unix ms). */
	count: () => { created: number; reused: number; oldest: number };
	/** Something was created, or may have been. */
	hasCharges: () => boolean;
	/** A line for each kind of outcome. @param exceptItem is left out, unless it has several orders */
	report: (exceptItem?: number) => string;
}

/** What tries before this one have created. */
interface Earlier {
	ofOrder: (order: Order) => Charges;
	ofItem: (itemIndex: number) => Charges;
}

interface Entry {
	items: number[];
	part?: string | undefined;
	outcome?: Outcome | undefined;
	id?: string | undefined;
	/** Without what the outcome says. */
	earlier: Charges;
}

/** @param itemCount of the input: those without an order were refused */
export function openLedger(itemCount: number, words: Words, earlier: Earlier): Ledger {
	const { noun, created, getOperation, afterEnd } = words;
	const entries = new Map<Order, Noted | undefined>();

	/** In the order of the input. */
	function all(): Entry[] {
		const known = [...entries].map(([order, noted]): Entry => {
			const { items, part } = order;
			return noted
				? { items, part, ...noted, earlier: without(noted.earlier, noted) }
				: { items, part, earlier: earlier.ofOrder(order) };
		});
		const ordered = new Set(known.flatMap(({ items }) => items));
		const refused = Array.from({ length: itemCount }, (_, item) => item)
			.filter((item) => !ordered.has(item))
			.map((item): Entry => ({ items: [item], earlier: earlier.ofItem(item) }));
		return [...known, ...refused].sort((a, b) => (a.items[0] ?? 0) - (b.items[0] ?? 0));
	}

	function others(exceptItem: number | undefined): Entry[] {
		const entries = all();
		const isExcept = ({ items }: Entry) => exceptItem !== undefined && items.includes(exceptItem);
		return entries.filter(isExcept).length > 1 ? entries : entries.filter((one) => !isExcept(one));
	}

	return {
		plan(orders) {
			for (const order of orders) entries.set(order, undefined);
		},
		note: (order, noted) => void entries.set(order, noted),
		count() {
			const reused = all().filter(isReused);
			return {
				// Items with the same id share a task.
				created: new Set(all().filter(isCreated).map(nameOf)).size,
				reused: reused.length,
				oldest: smallest(reused.map(createdAt)),
			};
		},
		hasCharges: () => all().some((entry) => isCreated(entry) || isOpen(entry)),
		report(exceptItem) {
			const known = others(exceptItem);
			const reused = known.filter(isReused);
			const lost = 'sent, got no answer, perhaps created and charged';
			return [
				line(known.filter(isCreated), created, nameOf),
				line(reused.filter(isFirst), 'existed before, not charged', nameOf),
				line(reused.filter(isLater), `existed before, no new ${noun} by this try`, nameOf),
				line(known.filter(isOpen), lost, nameOf),
				line(known.filter(isNothing).filter(isFirst), 'nothing created or charged'),
				line(known.filter(hasTasks), `${created} by an earlier try`, tasksOf),
				line(known.filter(hasLost), `${lost}, by an earlier try`, lostOf),
				known.some((one) => isCreated(one) || hasTasks(one)) ? afterEnd : '',
				known.some(isLostWithId)
					? `To check whether a ${noun} without an answer exists, use ${getOperation} with its External ID.`
					: '',
			]
				.filter(Boolean)
				.join('\n');
		},
	};
}

/** What the outcome says is said once. */
function without({ task_ids, lost }: Charges, { outcome, id = '' }: Noted): Charges {
	const task_id = outcome.is === 'task' ? outcome.task.task_id : undefined;
	return {
		task_ids: task_ids.filter((one) => one !== task_id),
		lost: outcome.is === 'task' || mayExist(outcome) ? lost.filter((one) => one !== id) : lost,
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

function isFirst({ earlier }: Entry): boolean {
	return !hasCharges(earlier);
}

function isLater(entry: Entry): boolean {
	return !isFirst(entry);
}

function hasTasks({ earlier }: Entry): boolean {
	return earlier.task_ids.length > 0;
}

function hasLost({ earlier }: Entry): boolean {
	return earlier.lost.length > 0;
}

function isLostWithId(entry: Entry): boolean {
	return (isOpen(entry) && Boolean(entry.id)) || entry.earlier.lost.some(Boolean);
}

function nameOf({ outcome, id }: Entry): string {
	return outcome?.is === 'task' ? outcome.task.task_id : nameOfLost(id);
}

function tasksOf({ earlier }: Entry): string {
	return earlier.task_ids.join(', ');
}

function lostOf({ earlier }: Entry): string {
	return earlier.lost.map(nameOfLost).join(', ');
}

function nameOfLost(id: string | undefined): string {
	return id ? `External ID ${id}` : 'no External ID';
}

function line(entries: Entry[], what: string, name?: (entry: Entry) => string): string {
	if (entries.length === 0) return '';
	const names = name ? ` (${[...new Set(entries.map(name))].join(', ')})` : '';
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
