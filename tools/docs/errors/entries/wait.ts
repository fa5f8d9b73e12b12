import { failedTaskError, timeoutError } from '../../../../nodes/shared/waiting/errors';
import { TASK_WORDS, ELEMENT_WORDS } from '../../../../nodes/shared/run/words';
import { contextWith } from '../context';
import type { Section } from '../entry';
import { failedTask, taskWith } from './create';
import { TASK } from './kling';

const PROCESSING = taskWith({ task_status: 'processing' });

export const wait: Section = {
	heading: 'Waiting',
	entries: [
		{
			when: 'Kling could not finish the task.',
			show: () => failedTaskError(contextWith(), failedTask(), TASK_WORDS),
		},
		{
			when: 'Kling could not finish the task and gives no reason.',
			show: () => failedTaskError(contextWith(), taskWith({ task_status: 'failed' }), TASK_WORDS),
		},
		{
			when: 'The Timeout has passed.',
			show: () =>
				timeoutError(
					contextWith(),
					{ id: TASK, task: PROCESSING, failure: undefined },
					900_000,
					TASK_WORDS,
				),
		},
		{
			when: 'The Timeout has passed, and the last check failed.',
			show: () =>
				timeoutError(
					contextWith(),
					{
						id: TASK,
						task: PROCESSING,
						failure: { kind: 'unreadable', reason: 'webPage', httpStatus: 502 },
					},
					900_000,
					TASK_WORDS,
				),
		},
		{
			when: 'The Timeout has passed for a task that was chosen by its External ID.',
			show: () =>
				timeoutError(
					contextWith(),
					{ id: 'order-1042', task: PROCESSING, failure: undefined },
					900_000,
					TASK_WORDS,
				),
		},
		{
			when: 'The Timeout has passed, and Kling never showed the task.',
			show: () =>
				timeoutError(
					contextWith(),
					{ id: TASK, task: undefined, failure: undefined },
					1_000,
					TASK_WORDS,
				),
		},
		{
			when: 'The Timeout of Create Element has passed.',
			show: () =>
				timeoutError(
					contextWith(),
					{ id: TASK, task: PROCESSING, failure: undefined },
					900_000,
					ELEMENT_WORDS,
				),
		},
	],
};
