import { imagesGoneError } from '../../../../nodes/KlingAiMultiShot/operations/create/errors';
import { notCharged } from '../../../../nodes/shared/creating/earlier';
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
import { hintFor } from '../../../../nodes/shared/creating/hint';
import type { Order } from '../../../../nodes/shared/creating/order';
import { openLedger } from '../../../../nodes/shared/creating/report';
import { NO_CHARGES, type Charges } from '../../../../nodes/shared/client/charges';
import type { KlingTask } from '../../../../nodes/shared/client/task';
import { klingError } from '../../../../nodes/shared/run/klingError';
import { TASK_WORDS } from '../../../../nodes/shared/run/words';
import { openStop } from '../../../../nodes/shared/transport/cancel';
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

/** Three orders of five items; the second one got no answer. */
function ledger() {
	const order = (item: number): Order => ({
		load: async () => ({}),
		external_task_id: '',
		ifExternalIdExists: 'reuse',
		reuseTaskOnRetry: true,
		items: [item],
	});
	const open = openLedger(5, TASK_WORDS, {
		ofOrder: () => NO_CHARGES,
		ofItem: () => NO_CHARGES,
	});
	const [created, reused, lost, left] = [order(0), order(1), order(2), order(3)];
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
	const description = 'description' in error ? error.description : '';
	return Object.assign(error, { description: [description, report].filter(Boolean).join('\n') });
}

function stopped(): Error {
	const stopping = openStop(contextWith({ signal: AbortSignal.abort() }));
	return stopping.signal.reason as Error;
}

export const create: Section = {
	heading: 'Create Task',
	about: 'Create Element has the same errors, and says “element” and “Get Element” there.',
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
			when: 'The same with Reuse Task on Retry off and no External Task ID.',
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
			when: 'A retry cannot find what an earlier try may have created.',
			show: () => inDoubtError(contextWith(), TASK_WORDS, ID),
		},
		{
			when: 'Several items, and an error ends the run: what the others have created.',
			show: () =>
				reported(
					klingError(
						contextWith(),
						{ kind: 'code', code: 1102, message: '' },
						{ action: 'create the task', charge: 'Not created, not charged.' },
					),
					ledger().report(3),
				),
		},
		{
			when: 'Stop, or the timeout of the workflow.',
			show: () => reported(stopped(), ledger().report()),
		},
		{
			when: 'Stop, while the answer to a create is awaited.',
			show: () => stoppedInDoubtError(contextWith(), TASK_WORDS, stopped(), ID),
		},
		{
			when: 'With On Error → Continue, an error that each item would meet comes before this item is sent.',
			show: () =>
				notSentError(
					contextWith(),
					TASK_WORDS,
					klingError(
						contextWith(),
						{ kind: 'code', code: 1102, message: '' },
						{ action: 'create the task' },
					),
					{ earlier: NO_CHARGES },
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
			when: 'Max New Tasks is reached while creating, as in an agent’s calls.',
			show: () => limitError(contextWith(), TASK_WORDS, 3, { earlier: NO_CHARGES }),
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
					ownId: ID,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'The task of an earlier try of this execution has failed.',
			show: () =>
				failedBeforeError(contextWith(), TASK_WORDS, {
					task: failedTask(),
					ownId: undefined,
					earlier: NO_CHARGES,
				}),
		},
		{
			when: 'The task of the External Task ID is too old.',
			show: () =>
				imagesGoneError(
					contextWith(),
					taskWith({ updated_at: Date.now() - 31 * DAY_MS }),
					`${notCharged()}.`,
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
		when: 'Create Task, where tasks existed before.',
		show: () =>
			hintFor(TASK_WORDS, { created: 7, reused: 2, oldest: Date.now() - 3.5 * 60 * 60 * 1000 }),
	},
];
