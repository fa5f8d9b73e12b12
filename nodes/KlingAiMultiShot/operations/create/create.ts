import {
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { isLocal } from '../../../shared/transport/baseUrl';
import { baseUrlOf } from '../../../shared/transport/credential';
import { TASK_TOLD, toolDescription } from '../../../shared/input/tool';
import { createInputOptions } from './input';
import { capacityTimeout, maxConcurrent } from './fields';
import { startCreating } from './batch';
import type { Operation, Work } from '../../../shared/run/operation';
import { optionsField } from '../../../shared/input/options';
import { taskOutput } from '../../../shared/output/task';
import { startPausing } from '../../../shared/waiting/parkUntilCallback';
import { resumeUrl, whyNoCallback, whyNoPause } from '../../../shared/waiting/park';
import { pictureFields } from '../../../shared/input/image';
import {
	outputBinaryPrefix,
	pictureItems,
	pictureOutputFields,
	readPictureOutput,
} from '../../../shared/output/images';
import { startPolling } from '../../../shared/waiting/poll';
import { hintPollingInstead } from '../../../shared/waiting/pollingInstead';
import { createWaitMode, readWaitMode } from '../../../shared/waiting/mode';
import { readWaitSettings, waitOptions, type WaitMode } from '../../../shared/waiting/settings';

const priceNotice: INodeProperties = {
	displayName:
		'Each task costs one charge: 20 image units (about $0.07). Running the workflow again makes and charges new tasks. An <b>External Task ID</b> of your own, in the Options, brings the same task back instead, at no cost.',
	name: 'priceNotice',
	type: 'notice',
	default: '',
};

const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description:
		'Whether to wait until Kling has made the pictures, usually within a minute, and put out the finished task. Off: the task comes out at once, without pictures, for Wait for Task or a Kling AI Multi-Shot Trigger.',
};

export const create: Operation = {
	entry: {
		name: 'Create Task',
		value: 'create',
		action: 'Create a task',
		description:
			'Make other views from one frontal picture. Each task costs money: one charge, 20 image units (about $0.07).',
	},
	fields: [
		toolDescription(
			`Makes nine other views of the thing or person in one frontal picture with Kling AI Multi-Shot, and answers with the task. It takes up to some minutes. Each new task costs money: call it once for each picture, and not again for one that has come out. An error says what to mend and whether anything was charged. ${TASK_TOLD}`,
		),
		priceNotice,
		...pictureFields,
		waitForCompletion,
		...updateDisplayOptions({ show: { waitForCompletion: [true] } }, [
			...createWaitMode,
			...updateDisplayOptions({ show: { waitMode: ['poll'] } }, pictureOutputFields),
		]),
		optionsField([
			...createInputOptions,
			maxConcurrent,
			capacityTimeout,
			...updateDisplayOptions({ show: { '/waitForCompletion': [true] } }, [
				...waitOptions.filter(({ name }) => name !== 'timerInterval'),
				...updateDisplayOptions({ show: { '/waitMode': ['poll'] } }, [outputBinaryPrefix]),
			]),
		]),
	],
	async start(context) {
		const baseUrl = await baseUrlOf(context);
		if (context.getNodeParameter('waitForCompletion', 0, true) !== true)
			return await startWithoutWait(context, baseUrl);
		const waitMode = readWaitMode(context, createWaitMode);
		if (waitMode === 'poll') return await startPollCreate(context, baseUrl, waitMode);
		const noPause = whyNoPause(context) ?? whyNoCallback(context, isLocal(baseUrl));
		if (noPause === undefined) return await startPauseCreate(context, baseUrl);
		hintPollingInstead(context, noPause);
		return await startPollCreate(context, baseUrl, waitMode);
	},
};

async function startWithoutWait(context: IExecuteFunctions, baseUrl: string): Promise<Work> {
	const creating = await startCreating(context, baseUrl);
	return {
		async onItem(itemIndex) {
			const { task, reused } = await creating.create(itemIndex);
			return [{ json: taskOutput(task, reused ? { reused } : {}) }];
		},
		stop: creating.stop,
		report: creating.report,
	};
}

async function startPollCreate(
	context: IExecuteFunctions,
	baseUrl: string,
	waitMode: WaitMode,
): Promise<Work> {
	const polling = startPolling(context, readWaitSettings(context, waitMode));
	const pictures = readPictureOutput(context);
	const creating = await startCreating(context, baseUrl);
	return {
		async onItem(itemIndex) {
			const { task, reused } = await creating.create(itemIndex);
			const waited = await polling.wait(task.task_id, task);
			const added = { completed: waited.completed, ...(reused && { reused }) };
			return await pictureItems(context, waited.task, added, pictures, isLocal(baseUrl));
		},
		stop(error) {
			creating.stop(error);
			polling.stop(error);
			pictures.stop(error);
		},
		finish(items) {
			polling.hint();
			return items;
		},
		report: creating.report,
	};
}

async function startPauseCreate(context: IExecuteFunctions, baseUrl: string): Promise<Work> {
	const pausing = startPausing(context, readWaitSettings(context, 'callback'));
	const creating = await startCreating(context, baseUrl, resumeUrl(context)?.href);
	return {
		async onItem(itemIndex) {
			const { task, reused, elsewhere } = await creating.create(itemIndex);
			if (elsewhere) pausing.noCallbackFor(task);
			return [{ json: taskOutput(task, reused ? { reused } : {}) }];
		},
		stop: creating.stop,
		finish: async (items: INodeExecutionData[]) => await pausing.finish(items),
		report: creating.report,
	};
}
