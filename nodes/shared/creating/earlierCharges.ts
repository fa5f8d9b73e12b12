import { chargesAt, hasCharges, sumOf, type Charges } from '../client/charges';
import { isTool } from '../input/tool';
import { toItemError } from '../run/itemError';
import { withCharges } from '../run/klingError';
import type { Run } from '../run/operation';
import type { Words } from '../run/words';
import { firstItem, type Order } from './order';
import { placeOf, itemKeyOf } from './place';

type Tries = Pick<Run, 'context' | 'execution'>;

/** What earlier tries of this execution have created for the order. */
export function earlierOfOrder({ context, execution }: Run, order: Order): Charges {
	const place = placeOf(context, order, {});
	// What tells a tool's calls apart is loaded later.
	return chargesAt(execution.charges, place?.itemKey, isTool(context) ? undefined : place?.key);
}

/** What earlier tries of this execution have created for the item. */
export function earlierOfItem({ context, execution }: Tries, itemIndex: number): Charges {
	return chargesAt(execution.charges, itemKeyOf(context, itemIndex), undefined);
}

/** What earlier tries of this execution have created for all items of this run of the node. */
export function earlierOfAll(run: Tries): Charges {
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

/** The {@link nothingCharged} of an item that is refused before anything was sent. */
export function nothingChargedFor(run: Run, words: Words, itemIndex: number): string {
	return nothingCharged(words, earlierOfRefused(run, itemIndex));
}

/** Without Continue On Fail its error ends the run, and so speaks for all items. */
export function earlierOfRefused(run: Tries, itemIndex: number): Charges {
	return run.context.continueOnFail() ? earlierOfItem(run, itemIndex) : earlierOfAll(run);
}

/** An image can be lost between its check and its create. */
export function notLoadedError(run: Run, words: Words, order: Order, error: Error): Error {
	const charges = nothingCharged(words, earlierOfOrder(run, order));
	return withCharges(toItemError(run.context, error, firstItem(order)), charges);
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
