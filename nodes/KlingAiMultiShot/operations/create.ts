import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { createTask, type CreateBody } from '../client/multiShot';
import type { KlingTask } from '../client/task';
import { klingError } from '../transport/errors';
import { limiter } from './limiter';
import type { Operation } from './operation';
import { optionsField } from './optionsField';
import { parameterError, quoted } from './parameterError';
import { pictureFields, readPicture } from './picture';
import { startPolling } from './polling';
import { readPollSettings, waitOptions } from './waitSettings';

const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description:
		'Whether to wait until Kling has made the pictures, some 20 to 60 seconds, and put out the finished task. Off: the task comes out at once, to be waited for elsewhere.',
};

const createOptions: INodeProperties[] = [
	{
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://n8n.example.com/webhook/…',
		description:
			'An https address that Kling calls whenever the status of the task changes, for example the Production URL of a Kling AI Multi-Shot Trigger',
	},
	{
		displayName: 'External Task ID',
		name: 'externalTaskId',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description: 'An ID of your own, unique in your Kling account; the task can be found by it',
	},
];

const waitOptionsWhenWaiting = waitOptions.map((option) => ({
	...option,
	displayOptions: { show: { '/waitForCompletion': [true] } },
}));

const CREATES_SIDE_BY_SIDE = 5;

export const create: Operation = {
	entry: {
		name: 'Create Task',
		value: 'create',
		action: 'Create a task',
		description:
			'Make other views from one frontal picture. Each task costs money: one charge, 20 image units.',
	},
	fields: [
		...pictureFields,
		waitForCompletion,
		optionsField([...createOptions, ...waitOptionsWhenWaiting]),
	],
	start(context) {
		const waiting = context.getNodeParameter('waitForCompletion', 0, true) as boolean;
		const waitForTask = waiting ? startPolling(context, readPollSettings(context)) : undefined;
		const limited = limiter(CREATES_SIDE_BY_SIDE);
		return async (itemIndex) => {
			const task = await limited(async () => await createOne(context, itemIndex));
			return [{ json: waitForTask ? await waitForTask(task.task_id, task) : task }];
		};
	},
};

/** Reads the picture only when its turn has come, so that not all pictures stand in memory. */
async function createOne(context: IExecuteFunctions, itemIndex: number): Promise<KlingTask> {
	const result = await createTask(context, await readBody(context, itemIndex));
	if ('failure' in result) throw klingError(context, result.failure, { action: 'create the task' });
	return result.value;
}

async function readBody(context: IExecuteFunctions, itemIndex: number): Promise<CreateBody> {
	const options = context.getNodeParameter('options', itemIndex, {});
	const callback_url = readCallbackUrl(context, options.callbackUrl);
	const external_task_id = readText(context, 'External Task ID', options.externalTaskId);
	return {
		element_frontal_image: await readPicture(context, itemIndex),
		...(callback_url && { callback_url }),
		...(external_task_id && { external_task_id }),
	};
}

function readText(context: IExecuteFunctions, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string' && typeof value !== 'number')
		throw parameterError(context, label, `is ${quoted(value)}`, 'Text is expected.');
	return String(value).trim();
}

function readCallbackUrl(context: IExecuteFunctions, value: unknown): string {
	const text = readText(context, 'Callback URL', value);
	if (text === '') return '';
	if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
		throw parameterError(
			context,
			'Callback URL',
			`is not an address: ${quoted(text)}`,
			'An address such as https://n8n.example.com/webhook/… is expected.',
		);
	return text;
}
