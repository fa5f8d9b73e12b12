import { mayExist, type Outcome } from './payment';

/** What one execution was charged for in one place, over all its tries. */
export interface Charges {
	task_ids: string[];
	/** External ids of creates that got no answer; empty if there was none. */
	lost: string[];
}

/** By item key, then by place key. An item can have several places. */
export type ChargeMemory = Map<string, Map<string, Charges>>;

export const NO_CHARGES: Charges = { task_ids: [], lost: [] };

/** @param key of a place; undefined for the whole item */
export function chargesAt(
	memory: ChargeMemory,
	itemKey: string | undefined,
	key: string | undefined,
): Charges {
	const places = itemKey === undefined ? undefined : memory.get(itemKey);
	if (!places) return NO_CHARGES;
	return key === undefined ? sumOf([...places.values()]) : (places.get(key) ?? NO_CHARGES);
}

export function sumOf(all: Charges[]): Charges {
	return {
		task_ids: all.flatMap(({ task_ids }) => task_ids),
		lost: all.flatMap(({ lost }) => lost),
	};
}

export function hasCharges({ task_ids, lost }: Charges): boolean {
	return task_ids.length + lost.length > 0;
}

/** @param id as it was sent, if any was */
export function rememberCharges(
	memory: ChargeMemory,
	{ itemKey, key }: { itemKey: string; key: string },
	outcome: Outcome,
	id: string | undefined,
): void {
	const before = chargesAt(memory, itemKey, key);
	const after = afterOutcome(before, outcome, id);
	if (after === before) return;
	const places = memory.get(itemKey) ?? new Map<string, Charges>();
	memory.set(itemKey, places.set(key, after));
}

/** Pure. A lost create without an id cannot be found, so it stays lost. */
export function afterOutcome(before: Charges, outcome: Outcome, id: string | undefined): Charges {
	const isCharged = outcome.is === 'task' && outcome.origin !== 'foreign';
	const isProven = outcome.is === 'task' || (outcome.is === 'failed' && !outcome.mayExist);
	const lost =
		id !== undefined && isProven ? before.lost.filter((other) => other !== id) : before.lost;
	if (isCharged) {
		const { task_id } = outcome.task;
		return { task_ids: [...new Set([...before.task_ids, task_id])], lost };
	}
	if (!mayExist(outcome)) return { ...before, lost };
	const isNew = id === undefined || !lost.includes(id);
	return { ...before, lost: isNew ? [...lost, id ?? ''] : lost };
}

/** A task that an earlier try in this place may have created is not foreign, even if another create found it first. */
export function withOrigin(outcome: Outcome, before: Charges, id: string | undefined): Outcome {
	if (outcome.is !== 'task' || outcome.origin !== 'foreign') return outcome;
	const isHere =
		before.task_ids.includes(outcome.task.task_id) ||
		(id !== undefined && before.lost.includes(id));
	return isHere ? { ...outcome, origin: 'adopted' } : outcome;
}
