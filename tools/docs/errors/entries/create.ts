import { imagesGoneError } from '../../../../nodes/KlingAiMultiShot/operations/create/errors';
import { nothingCharged } from '../../../../nodes/shared/creating/earlierCharges';
import {
	createError,
	failedBeforeError,
	inDoubtError,
	limitError,
	notSentError,
	overLimitError,
	stoppedInDoubtError,
	takenError,
} from '../../../../nodes/shared/creating/errors';
import { emptyIdHint, hintFor } from '../../../../nodes/shared/creating/hint';
import type { Order } from '../../../../nodes/shared/creating/order';
import { openLedger } from '../../../../nodes/shared/creating/ledger';
import { NO_CHARGES, type Charges } from '../../../../nodes/shared/client/charges';
import type { KlingTask } from '../../../../nodes/shared/client/task';
import { toItemError } from '../../../../nodes/shared/run/itemError';
import { klingError, withCharges } from '../../../../nodes/shared/run/klingError';
import { TASK_WORDS } from '../../../../nodes/shared/run/words';
import { openStop } from '../../../../nodes/shared/transport/abort';
import type { KlingFailure } from '../../../../nodes/shared/transport/failure';
import { contextWith } from '../context';
import type { Section } from '../entry';
import { TASK } from './kling';

const ID = 'order-1042';
const DAY_MS = 24 * 60 * 60 * 1000;
const LOST: KlingFailure = { kind: 'noAnswer', reason: 'ETIMEDOUT' };
const CHARGED: Charges = { task_ids: [TASK], lost: [] };
const LOST_BEFORE: Charges = { task_ids: [], lost: [''] };
const REFUSED: KlingFailure = {
	kind: 'code',
	code: 1301,
	message: 'Failure to pass the risk control system',
	httpStatus: 400,
};

export function taskWith(more: Partial<KlingTask>): KlingTask {
	return { task_id: TASK, task_status: 'succeed', ...more };
}

export function failedTask(): KlingTask {
	return taskWith({ task_status: 'failed', task_status_msg: 'The image has no clear subject' });
}

function orderOf(item: number): Order {
	return {
		load: async () => ({}),
		external_task_id: '',
		ifExternalIdExists: 'reuse',
		reuseTaskOnRetry: true,
		items: [item],
	};
}

/** Four orders of five items; the third one got no answer. */
function ledger() {
	const open = openLedger(5, TASK_WORDS, {
		ofOrder: () => NO_CHARGES,
		ofItem: () => NO_CHARGES,
	});
	const [created, reused, lost, left] = [orderOf(0), orderOf(1), orderOf(2), orderOf(3)];
	open.plan([created, reused, lost, left]);
	const known = { id: ID, earlier: NO_CHARGES };
	open.note(created, {
		...known,
		outcome: { is: 'task', task: taskWith({}), origin: 'new' },
	});
	const other = taskWith({ task_id: '867283741759111203' });
	open.note(reused, { ...known, outcome: { is: 'task', task: other, origin: 'foreign' } });
	open.note(lost, {
		...known,
		id: 'order-1044',
		outcome: { is: 'failed', failure: LOST, mayExist: true },
	});
	return open;
}

/** As run.ts joins an error and what was created beside it. */
function reported(error: Error, report: string): Error {
	return withCharges(toItemError(contextWith(), error, 0), report);
}

function emptyId(...items: number[]): string | undefined {
	const context = contextWith({ nodeOptions: { externalTaskId: '={{ $json.sku }}' } });
	return emptyIdHint(context, TASK_WORDS, items.map(orderOf));
}

function stopped(): Error {
	const stopping = openStop(contextWith({ signal: AbortSignal.abort() }));
	return stopping.signal.reason as Error;
}

export const create: Section = {
	heading: 'Create Task',
	about: 'Create Element has the same errors, with “element” and “Get Element”.',
	entries: [
		{
			when: 'Kling refuses the image.',
			show: () =>
				createError(
					contextWith(),
					TASK_WORDS,
					{ failure: REFUSED, mayExist: false, earlier: NO_CHARGES },
					ID,
				),
		},
		{
			when: 'The answer is lost, and the task cannot be found.',
			show: () =>
				createError(
					contextWith(),
					TASK_WORDS,
					{ failure: LOST, mayExist: true, earlier: NO_CHARGES },
					ID,
				),
		},
		{
			when: 'The same, with Reuse Task on Retry off and no External Task ID.',
			show: () =>
				createError(
					contextWith(),
					TASK_WORDS,
					{ failure: LOST, mayExist: true, earlier: NO_CHARGES },
					undefined,
				),
		},
		{
			when: 'With Reuse Task on Retry off, a retry is refused.',
			show: () =>
				createError(
					contextWith(),
					TASK_WORDS,
					{ failure: REFUSED, mayExist: false, earlier: CHARGED },
					undefined,
				),
		},
		{
			when: 'With Reuse Task on Retry off, a retry is refused after a lost answer.',
			show: () =>
				createError(
					contextWith(),
					TASK_WORDS,
					{ failure: REFUSED, mayExist: false, earlier: LOST_BEFORE },
					undefined,
				),
		},
		{
			when: 'A retry cannot find the task that an earlier try may have created.',
			show: () => inDoubtError(contextWith(), TASK_WORDS, ID),
		},
		{
			when: 'With several items, an error ends the run. It says what the other items have created.',
			show: () =>
				reported(
					klingError(
						contextWith(),
						{ kind: 'code', code: 1102, message: '' },
						{ action: 'create the task', charge: nothingCharged(TASK_WORDS, NO_CHARGES) },
					),
					ledger().report(3),
				),
		},
		{
			when: "Stop, or the workflow's timeout.",
			show: () => reported(stopped(), ledger().report()),
		},
		{
			when: 'Stop, while the node waits for the answer to a create.',
			show: () => stoppedInDoubtError(contextWith(), TASK_WORDS, stopped(), ID),
		},
		{
			when: 'With On Error → Continue, an error that affects every item occurs before this item is sent.',
			show: () =>
				notSentError(
					contextWith(),
					TASK_WORDS,
					klingError(
						contextWith(),
						{ kind: 'code', code: 1102, message: '' },
						{ action: 'create the task' },
					),
					NO_CHARGES,
				),
		},
		{
			when: 'The items need more new tasks than Max New Tasks allows.',
			show: () =>
				overLimitError(contextWith(), TASK_WORDS, {
					wanted: 5,
					left: 2,
					max: 3,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'The same, with one item.',
			show: () =>
				overLimitError(contextWith(), TASK_WORDS, {
					wanted: 1,
					left: 0,
					max: 1,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'Max New Tasks is reached while creating, for example by an agent’s calls.',
			show: () => limitError(contextWith(), TASK_WORDS, 3, NO_CHARGES),
		},
		{
			when: 'With If External ID Exists: Throw an Error.',
			show: () =>
				takenError(contextWith(), TASK_WORDS, {
					task: taskWith({}),
					external_task_id: ID,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'The task of the External Task ID has failed.',
			show: () =>
				failedBeforeError(contextWith(), TASK_WORDS, {
					task: { ...failedTask(), created_at: 0 },
					userExternalId: ID,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'The task of an earlier try of this execution has failed.',
			show: () =>
				failedBeforeError(contextWith(), TASK_WORDS, {
					task: failedTask(),
					userExternalId: undefined,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'The task of the External Task ID is too old.',
			show: () =>
				imagesGoneError(
					contextWith(),
					taskWith({ updated_at: Date.now() - 31 * DAY_MS }),
					nothingCharged(TASK_WORDS, NO_CHARGES),
				),
		},
	],
};

export const createHints: Section['entries'] = [
	{
		when: 'Create Task, after each run.',
		show: () => hintFor(TASK_WORDS, { created: 9, reused: 0, oldest: Infinity }),
	},
	{
		when: 'Create Task, if some tasks existed before.',
		show: () =>
			hintFor(TASK_WORDS, { created: 7, reused: 2, oldest: Date.now() - 3.5 * 60 * 60 * 1000 }),
	},
	{
		when: 'The expression of External Task ID gives nothing for an item.',
		show: () => emptyId(4),
	},
	{
		when: 'The same, for several items.',
		show: () => emptyId(0, 3),
	},
];
