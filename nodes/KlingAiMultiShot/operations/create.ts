import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isLocal } from '../transport/baseUrl';
import { baseUrlOf } from '../transport/credential';
import { createInputOptions } from './createInput';
import { startCreating } from './creating';
import { capacityTimeout, maxConcurrent } from './createLimits';
import type { Operation } from './operation';
import { optionsField } from './optionsField';
import { taskOutput } from './output';
import { pictureFields } from './picture';
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

const whenWaiting = { show: { '/waitForCompletion': [true] } };

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
		optionsField([
			...createInputOptions,
			maxConcurrent,
			capacityTimeout,
			...waitOptions.map((option) => ({ ...option, displayOptions: whenWaiting })),
		]),
	],
	async start(context: IExecuteFunctions) {
		const polling = context.getNodeParameter('waitForCompletion', 0, true)
			? startPolling(context, readPollSettings(context))
			: undefined;
		const creating = await startCreating(context, isLocal(await baseUrlOf(context)));
		return {
			async onItem(itemIndex) {
				const { task, reused } = await creating.create(itemIndex);
				const added = reused ? { reused } : {};
				if (!polling) return [{ json: taskOutput(task, added) }];
				const finished = await polling.wait(task.task_id, task);
				return [{ json: taskOutput(finished, { completed: true, ...added }) }];
			},
			stop(error) {
				creating.stop(error);
				polling?.stop(error);
			},
			report: creating.report,
		};
	},
};
