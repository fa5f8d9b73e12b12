import type { Outcome } from '../../../shared/client/payment';
import { mayExist } from '../../../shared/client/payOnce';

/** What is known of the creates of a run, by item. */
export interface Ledger {
	note: (itemIndex: number, outcome: Outcome, external_task_id: string | undefined) => void;
	/** How many tasks were charged, how many were reused, and when the oldest of those was created (Unix ms). */
	count: () => { charged: number; reused: number; oldest: number };
	/** A line for each kind of outcome. */
	report: (exceptItem?: number) => string;
}

interface Entry {
	outcome: Outcome;
	external_task_id: string | undefined;
}

export function openLedger(items: number): Ledger {
	const entries = new Map<number, Entry>();

	function itemsWhere(exceptItem: number | undefined, belongs: (entry?: Entry) => boolean) {
		return Array.from({ length: items }, (_, itemIndex) => itemIndex).filter(
			(itemIndex) => itemIndex !== exceptItem && belongs(entries.get(itemIndex)),
		);
	}

	return {
		note: (itemIndex, outcome, external_task_id) =>
			void entries.set(itemIndex, { outcome, external_task_id }),
		count() {
			const charged = itemsWhere(undefined, isCharged).length;
			const reused = itemsWhere(undefined, isReused);
			const times = reused.map((itemIndex) => createdAt(entries.get(itemIndex)));
			return { charged, reused: reused.length, oldest: Math.min(...times) };
		},
		report(exceptItem) {
			const name = (itemIndex: number) => nameOf(entries.get(itemIndex));
			return [
				line(itemsWhere(exceptItem, isCharged), 'created and charged', name),
				line(itemsWhere(exceptItem, isReused), 'existed before, not charged', name),
				line(
					itemsWhere(exceptItem, isOpen),
					'sent without an answer, perhaps created and charged',
					name,
				),
				line(itemsWhere(exceptItem, isNothing), 'not created, not charged'),
			]
				.filter(Boolean)
				.join('\n');
		},
	};
}

function isCharged(entry?: Entry): boolean {
	return entry?.outcome.is === 'task' && entry.outcome.origin !== 'foreign';
}

function isReused(entry?: Entry): boolean {
	return entry?.outcome.is === 'task' && entry.outcome.origin === 'foreign';
}

function createdAt(entry?: Entry): number {
	return entry?.outcome.is === 'task' ? (entry.outcome.task.created_at ?? Date.now()) : Date.now();
}

function isOpen(entry?: Entry): boolean {
	return entry !== undefined && mayExist(entry.outcome);
}

function isNothing(entry?: Entry): boolean {
	return entry === undefined || (entry.outcome.is !== 'task' && !mayExist(entry.outcome));
}

function nameOf(entry?: Entry): string {
	if (entry?.outcome.is === 'task') return entry.outcome.task.task_id;
	return entry?.external_task_id ? `External ID ${entry.external_task_id}` : 'no External ID';
}

function line(items: number[], what: string, name?: (itemIndex: number) => string): string {
	if (items.length === 0) return '';
	const names = name ? ` (${items.map(name).join(', ')})` : '';
	return `${items.length === 1 ? 'Item' : 'Items'} ${items.join(', ')}: ${what}${names}.`;
}
