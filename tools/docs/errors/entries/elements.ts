import { readElementId } from '../../../../nodes/KlingElement/operations/elementId';
import { goneError } from '../../../../nodes/KlingElement/operations/create/create';
import { replacementHint } from '../../../../nodes/KlingElement/operations/create/orders';
import { readRequests } from '../../../../nodes/KlingElement/operations/create/input';
import { readLimited } from '../../../../nodes/KlingElement/operations/create/limitedText';
import { readReferences } from '../../../../nodes/KlingElement/operations/create/references';
import { readSets } from '../../../../nodes/KlingElement/operations/create/readSets';
import { readTags } from '../../../../nodes/KlingElement/operations/tags';
import { nothingCharged } from '../../../../nodes/shared/creating/earlierCharges';
import { limitError } from '../../../../nodes/shared/creating/errors';
import { hintFor } from '../../../../nodes/shared/creating/hint';
import { NO_CHARGES } from '../../../../nodes/shared/client/charges';
import type { KlingTask } from '../../../../nodes/shared/client/task';
import { ELEMENT_WORDS } from '../../../../nodes/shared/run/words';
import type { Result } from '../../../../nodes/shared/transport/failure';
import { contextWith, runWith } from '../context';
import type { Entry, Section } from '../entry';
import { failedTask, taskWith } from './create';
import { TASK } from './kling';

const DAY_MS = 24 * 60 * 60 * 1000;

function views(when: string, result: Result<KlingTask>, set = '1'): Entry {
	return {
		when,
		show: async () =>
			await readSets(runWith({ parameters: { set } }), 0, { id: TASK }, async () => result),
	};
}

function element(when: string, elementId: unknown): Entry {
	return { when, show: () => readElementId(contextWith({ parameters: { elementId } }), 0) };
}

function references(when: string, given: Record<string, unknown>): Entry {
	const parameters = { referenceSource: 'url', ...given };
	return { when, show: async () => await readReferences(contextWith({ parameters }), 0, false) };
}

function name(when: string, elementName: string): Entry {
	return {
		when,
		show: () =>
			readLimited(contextWith({ parameters: { elementName } }), 0, {
				name: 'elementName',
				label: 'Name',
				max: 20,
			}),
	};
}

export const elements: Section = {
	heading: 'Kling Element',
	entries: [
		views('The task of the views has failed.', { value: failedTask() }),
		views('The task of the views is still running.', {
			value: taskWith({ task_status: 'processing' }),
		}),
		views('The views are too old.', {
			value: taskWith({ updated_at: Date.now() - 31 * DAY_MS }),
		}),
		views('The task has fewer sets.', { value: taskWith({ task_result: {} }) }, '3'),
		views('The task does not exist.', {
			failure: {
				kind: 'code',
				code: 1201,
				message: `Task not found by id: ${TASK}`,
				httpStatus: 400,
			},
		}),
		views('An expression gives an unknown set.', { value: taskWith({}) }, '4'),
		{
			when: 'An expression gives an unknown source.',
			show: async () => {
				return await readRequests(runWith({ parameters: { from: 'video' } }), 0, async () => ({
					value: taskWith({}),
				}));
			},
		},
		{
			when: 'The element of the External Task ID was deleted.',
			show: () =>
				goneError(
					contextWith(),
					taskWith({
						task_result: { elements: [{ element_id: '829836802793406551', status: 'deleted' }] },
					}),
					nothingCharged(ELEMENT_WORDS, NO_CHARGES),
				),
		},
		{
			when: 'With Set: All, Max New Tasks is reached at the second set.',
			show: () => limitError(contextWith(), { ...ELEMENT_WORDS, target: 'set 2' }, 1, NO_CHARGES),
		},
		name('The name is missing.', ''),
		name('The name is too long.', 'A red sneaker with a white sole'),
		{
			when: 'An expression gives an unknown tag.',
			show: () => readTags(contextWith({ parameters: { tags: ['Shoe'] } }), 0),
		},
		references('No other image was given.', { referenceUrls: '' }),
		references('Too many other images were given.', {
			referenceUrls: [1, 2, 3, 4].map((view) => `https://example.com/${view}.jpg`),
		}),
		references('An expression gives an unknown source.', { referenceSource: 'text' }),
		element('An expression gives nothing.', ''),
		element('The ID was converted to a number on the way.', 829836802793406551),
		element('The value is not an ID.', 'red sneaker'),
	],
};

export const elementHints: Entry[] = [
	{
		when: 'Create Element, after each run.',
		show: () => hintFor(ELEMENT_WORDS, { created: 1, reused: 0, oldest: Infinity }),
	},
	{
		when: 'Create Element, if the element with the default ID failed or was deleted.',
		show: () => replacementHint(`element-${TASK}-1`, true, 2),
	},
];
