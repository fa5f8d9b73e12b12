import { chargesAt, hasCharges, sumOf, type Charges } from '../client/charges';
import { isTool } from '../input/tool';
import type { Run } from '../run/operation';
import type { Words } from '../run/words';
import type { Order } from './order';
import { placeOf, itemKeyOf } from './place';

/** What earlier tries of this execution have created for the order. */
export function earlierOfOrder({ context, execution }: Run, order: Order): Charges {
	const place = placeOf(context, order, {});
	// What tells a tool's calls apart is loaded later.
	return chargesAt(execution.charges, place?.itemKey, isTool(context) ? undefined : place?.key);
}

/** What earlier tries of this execution have created for the item. */
export function earlierOfItem({ context, execution }: Run, itemIndex: number): Charges {
	return chargesAt(execution.charges, itemKeyOf(context, itemIndex), undefined);
}

/** What earlier tries of this execution have created for all items of this run of the node. */
export function earlierOfAll(run: Run): Charges {
	const items = isTool(run.context) ? [undefined] : run.context.getInputData();
	return sumOf(items.map((_item, itemIndex) => earlierOfItem(run, itemIndex)));
}

/** What was charged where this try has created nothing. */
export function nothingCharged(words: Words, earlier: Charges): string {
	if (!hasCharges(earlier)) return `Nothing was created or charged for ${words.target}.`;
	const isKnown = earlier.lost.length === 0;
	const now = isKnown ? `This try created no new ${words.noun} for ${words.target}. ` : '';
	return `${now}${earlierTries(words, earlier)}`;
}

/** The item's {@link nothingCharged}, before anything was sent. */
export function nothingChargedFor(run: Run, words: Words, itemIndex: number): string {
	return nothingCharged(words, earlierOfItem(run, itemIndex));
}

/** Sentences about tries before this one; empty if they have created nothing. */
export function earlierTries({ created }: Words, { task_ids, lost }: Charges): string {
	return [
		task_ids.length > 0 ? `Earlier tries: ${created} (${task_ids.join(', ')}).` : '',
		lost.length > 0 ? `An earlier try got no answer and may have been charged${idsIn(lost)}.` : '',
	]
		.filter(Boolean)
		.join(' ');
}

function idsIn(lost: string[]): string {
	const known = lost.filter(Boolean);
	return known.length > 0 ? ` (External ID ${known.join(', ')})` : '';
}
