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

/** @throws NodeOperationError that says what was charged for this item */
export function taskOrThrow(
	context: IExecuteFunctions,
	{ outcome, input, external_task_id, max }: Checked,
	{ failedIsData = false }: { failedIsData?: boolean },
): { task: KlingTask; origin: Origin } {
	switch (outcome.is) {
		case 'failed':
			throw createError(context, outcome, external_task_id);
		case 'inDoubt':
			throw inDoubtError(context, external_task_id);
		case 'limited':
			throw limitError(context, max);
		case 'stopped':
			throw outcome.mayExist
				? stoppedInDoubtError(context, outcome.reason, external_task_id)
				: notSentError(context, outcome.reason);
		case 'task':
			refuseEarlier(context, outcome, input, failedIsData);
			return outcome;
	}
}

/** A task that existed before may be of no use. */
function refuseEarlier(
	context: IExecuteFunctions,
	{ task, origin }: { task: KlingTask; origin: Origin },
	{ external_task_id, ifExternalIdExists }: CreateInput,
	failedIsData: boolean,
): void {
	if (origin === 'new') return;
	if (origin === 'foreign' && ifExternalIdExists === 'error')
		throw takenError(context, task, external_task_id);
	if (task.task_status === 'failed' && !failedIsData)
		throw failedBeforeError(context, task, external_task_id || undefined);
	if ((imagesExpireAt(task) ?? Infinity) < Date.now()) throw imagesGoneError(context, task);
}
