import type { IExecuteFunctions } from 'n8n-workflow';
import type { Charges } from '../client/charges';
import type { Origin, Outcome } from '../client/payment';
import type { KlingTask } from '../client/task';
import type { Words } from '../run/words';
import { nothingCharged } from './earlierCharges';
import {
	createError,
	failedBeforeError,
	inDoubtError,
	limitError,
	notSentError,
	stoppedInDoubtError,
	takenError,
} from './errors';
import { wordsFor, type Order } from './order';

/** The kind of thing that a batch creates: its wording, and when an existing task cannot be reused. */
export interface Product {
	words: Words;
	/** A reused task that had failed before is output, and not an error. */
	failedIsData: boolean;
	/** Why a finished task that existed before is of no use any more. @param charge what was charged */
	goneError: (context: IExecuteFunctions, task: KlingTask, charge: string) => Error | undefined;
}

interface Checked {
	order: Order;
	outcome: Outcome;
	/** As it was sent. */
	id: string | undefined;
	/** Of earlier tries. */
	earlier: Charges;
	/** Max New Tasks. */
	max: number;
}

/** `unusable`: a task that existed before, of another execution or item; `error` says why it is of no use. */
export type Decision =
	| { is: 'task'; task: KlingTask; origin: Origin }
	| { is: 'unusable'; task: KlingTask; error: Error }
	| { is: 'error'; error: Error };

/** Pure but for the node's name in errors, which say what was charged. */
export function decide(
	context: IExecuteFunctions,
	{ words: defaultWords, ...product }: Product,
	{ order, outcome, id, earlier, max }: Checked,
): Decision {
	const words = wordsFor(order, defaultWords);
	switch (outcome.is) {
		case 'failed':
			return failed(createError(context, words, { ...outcome, earlier }, id));
		case 'inDoubt':
			return failed(inDoubtError(context, words, id));
		case 'limited':
			return failed(limitError(context, words, max, earlier));
		case 'stopped':
			return failed(
				outcome.mayExist
					? stoppedInDoubtError(context, words, outcome.reason, id)
					: notSentError(context, words, outcome.reason, earlier),
			);
		case 'task':
			return decideForTask(context, { ...product, words }, order, { ...outcome, earlier });
	}
}

function failed(error: Error): Decision {
	return { is: 'error', error };
}

/** A task that existed before may be of no use. */
function decideForTask(
	context: IExecuteFunctions,
	{ words, failedIsData, goneError }: Product,
	{ external_task_id, ifExternalIdExists, replacement }: Order,
	{ task, origin, earlier }: { task: KlingTask; origin: Origin; earlier: Charges },
): Decision {
	if (origin === 'new') return { is: 'task', task, origin };
	if (origin === 'foreign' && ifExternalIdExists === 'error')
		return failed(takenError(context, words, { task, external_task_id, earlier }));
	// With `replacement` the id is not the user's.
	const userExternalId = replacement ? undefined : external_task_id || undefined;
	const error =
		task.task_status === 'failed' && !failedIsData
			? failedBeforeError(context, words, { task, userExternalId, earlier })
			: goneError(context, task, nothingCharged(words, earlier));
	if (!error) return { is: 'task', task, origin };
	return origin === 'foreign' ? { is: 'unusable', task, error } : failed(error);
}
