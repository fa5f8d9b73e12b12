import type { IExecuteFunctions } from 'n8n-workflow';
import type { Origin, Outcome } from '../../../shared/client/payment';
import type { KlingTask } from '../../../shared/client/task';
import { imagesExpireAt } from '../../../shared/output/task';
import {
	createError,
	failedBeforeError,
	imagesGoneError,
	inDoubtError,
	limitError,
	notSentError,
	stoppedInDoubtError,
	takenError,
} from './errors';
import type { CreateInput } from './input';

interface Checked {
	outcome: Outcome;
	input: CreateInput;
	/** As it was sent. */
	external_task_id: string | undefined;
	/** Max New Tasks. */
	max: number;
}

/** @returns the task, or an error that says what was charged for this item */
export function taskOrError(
	context: IExecuteFunctions,
	{ outcome, input, external_task_id, max }: Checked,
	{ failedIsData = false }: { failedIsData?: boolean },
): { task: KlingTask; origin: Origin } | Error {
	switch (outcome.is) {
		case 'failed':
			return createError(context, outcome, external_task_id);
		case 'inDoubt':
			return inDoubtError(context, external_task_id);
		case 'limited':
			return limitError(context, max);
		case 'stopped':
			return outcome.mayExist
				? stoppedInDoubtError(context, outcome.reason, external_task_id)
				: notSentError(context, outcome.reason);
		case 'task':
			return whyUseless(context, outcome, input, failedIsData) ?? outcome;
	}
}

/** A task that existed before may be of no use. */
function whyUseless(
	context: IExecuteFunctions,
	{ task, origin }: { task: KlingTask; origin: Origin },
	{ external_task_id, ifExternalIdExists }: CreateInput,
	failedIsData: boolean,
): Error | undefined {
	if (origin === 'new') return undefined;
	if (origin === 'foreign' && ifExternalIdExists === 'error')
		return takenError(context, task, external_task_id);
	if (task.task_status === 'failed' && !failedIsData)
		return failedBeforeError(context, task, external_task_id || undefined);
	const isGone = (imagesExpireAt(task) ?? Infinity) < Date.now();
	return isGone ? imagesGoneError(context, task) : undefined;
}
