import { readCreateInputs } from '../../../../nodes/KlingAiMultiShot/operations/create/input';
import { list } from '../../../../nodes/KlingAiMultiShot/operations/list';
import { operations } from '../../../../nodes/KlingAiMultiShot/operations';
import { nothingCharged } from '../../../../nodes/shared/creating/earlierCharges';
import { NO_CHARGES } from '../../../../nodes/shared/client/charges';
import { sharedIdError } from '../../../../nodes/shared/creating/errors';
import {
	maxConcurrent,
	maxNewTasks,
	readExternalIdOptions,
} from '../../../../nodes/shared/creating/options';
import { readLimit } from '../../../../nodes/shared/input/limit';
import { readNumber } from '../../../../nodes/shared/input/numberOption';
import { readTaskId } from '../../../../nodes/shared/input/taskId';
import { toItemError } from '../../../../nodes/shared/run/itemError';
import { runOperation } from '../../../../nodes/shared/run/run';
import { TASK_WORDS } from '../../../../nodes/shared/run/words';
import { createWaitMode, readWaitMode } from '../../../../nodes/shared/waiting/mode';
import { readWaitSettings } from '../../../../nodes/shared/waiting/settings';
import { contextWith, runWith } from '../context';
import type { Entry, Section } from '../entry';
import { checkUrl } from './images';

function url(when: string, imageUrl: unknown): Entry {
	const parameters = { imageSource: 'url', imageUrl };
	return { when, show: async () => await checkUrl(contextWith({ parameters })) };
}

function callback(when: string, callbackUrl: unknown): Entry {
	const parameters = { options: { callbackUrl } };
	return {
		when,
		show: async () => await readCreateInputs(runWith({ parameters }), undefined),
	};
}

function options(when: string, given: object, show: (context: Context) => unknown): Entry {
	return { when, show: () => show(contextWith({ parameters: { options: given } })) };
}

type Context = ReturnType<typeof contextWith>;

function task(when: string, value: unknown, mode = 'id'): Entry {
	const taskId = { __rl: true, mode, value };
	return { when, show: () => readTaskId(contextWith({ parameters: { taskId } }), 0) };
}

export const parameters: Section = {
	heading: 'Parameters',
	about: 'Found before anything is sent.',
	entries: [
		url('An expression gives nothing.', ''),
		url('The value is not an address.', 'sneaker.jpg'),
		url('The value is an address of another kind.', 'ftp://example.com/front.jpg'),
		url('The value is the image itself.', 'data:image/png;base64,iVBORw0KGgo='),
		url('The host is missing.', 'https:///front.jpg'),
		url('An expression gives a list.', ['https://example.com/1.jpg']),
		url('An expression does not give text.', 5),
		url('The value contains several addresses.', 'https://a.example/1.jpg https://a.example/2.jpg'),
		url('A line break was pasted.', 'https://example.com/fr\nont.jpg'),
		url('Another invisible character was pasted.', 'https://example.com/fr\tont.jpg'),
		url('A Windows path was pasted.', 'https://example.com\\front.jpg'),
		url('The address is very long.', `https://example.com/?text=${'a'.repeat(20_000)}`),
		url('The host name is not valid.', 'https://my shop.com/front.jpg'),
		url("The address is on n8n's own machine.", 'http://localhost:8080/front.jpg'),
		url('The address is in a private network.', 'http://192.168.0.10/front.jpg'),
		callback('The trigger has no public address.', 'https://localhost:5678/webhook/1f0c'),
		callback('The trigger has no HTTPS address.', 'http://n8n.example.com/webhook/1f0c'),
		callback('An expression does not give text.', ['https://n8n.example.com/webhook/1f0c']),
		task('An expression gives nothing.', ''),
		task('The ID was converted to a number on the way.', 867283741759111202),
		task('The value is not an ID.', 'task 8672'),
		task('An expression gives no External ID.', '', 'externalId'),
		options('The ID cannot be sent.', { externalTaskId: '..' }, (context) =>
			readExternalIdOptions(context, 0),
		),
		options('An expression does not give text.', { externalTaskId: { id: 5 } }, (context) =>
			readExternalIdOptions(context, 0),
		),
		{
			when: 'Two items have the same External Task ID and different images.',
			show: () =>
				sharedIdError(
					contextWith(),
					TASK_WORDS,
					{ external_task_id: 'order-1042', of: 'image', first: 0 },
					nothingCharged(TASK_WORDS, NO_CHARGES),
				),
		},
		options('The number is too small.', { pollInterval: 0.2 }, (context) =>
			readWaitSettings(context, 'poll'),
		),
		options('The number is too large.', { maxNewTasks: 2_000_000 }, (context) =>
			readNumber(context, maxNewTasks),
		),
		options('An expression does not give a number.', { maxConcurrent: 'many' }, (context) =>
			readNumber(context, maxConcurrent),
		),
		options('A pause needs a longer Timeout.', { timeout: 30 }, (context) =>
			readWaitSettings(context, 'callback'),
		),
		{
			when: 'An expression does not give a number.',
			show: () => readLimit(contextWith({ parameters: { limit: 'all' } }), 0),
		},
		{
			when: 'An expression does not give a time.',
			show: async () => {
				const parameters = { filters: { createdAfter: 'yesterday' }, limit: 50 };
				const work = await list.start(runWith({ parameters }));
				return await work.onItem(0);
			},
		},
		{
			when: 'An expression gives an unknown Wait Mode.',
			show: () => readWaitMode(contextWith({ parameters: { waitMode: 'pause' } }), createWaitMode),
		},
		{
			when: 'An expression gives an unknown operation, or Custom API Call was chosen.',
			show: async () =>
				await runOperation(contextWith({ parameters: { operation: 'pause' } }), operations),
		},
		{
			when: 'This package or n8n has a bug.',
			show: () => toItemError(contextWith(), new Error('Cannot read properties of undefined'), 0),
		},
	],
};
