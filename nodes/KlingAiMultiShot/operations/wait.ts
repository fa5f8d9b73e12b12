import {
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isLocal } from '../transport/baseUrl';
import { baseUrlOf } from '../transport/credential';
import { TASK_TOLD, toolDescription } from './asTool';
import type { Operation } from './operation';
import { optionsField } from './optionsField';
import { taskOutput } from './output';
import { park, whyNoPause } from './pause';
import {
	outputBinaryPrefix,
	pictureItems,
	pictureOutputFields,
	readPictureOutput,
} from './picturesOutput';
import { hintPollingInstead } from './pollingInstead';
import { startPolling } from './polling';
import { readTaskId, taskIdFields } from './taskId';
import { readWaitMode, taskWaitMode } from './waitMode';
import { readTimerInterval, readWaitSettings, waitOptions } from './waitSettings';

export const wait: Operation = {
	entry: {
		name: 'Wait for Task',
		value: 'wait',
		action: 'Wait for a task',
		description: 'Wait until a task made elsewhere has finished, and put out the finished task',
	},
	fields: [
		toolDescription(
			`Waits, at no cost, until a task of Kling AI Multi-Shot that was made before has finished, and answers with it. Most take less than a minute. Give the task_id that another tool has told. ${TASK_TOLD}`,
		),
		...taskIdFields,
		...taskWaitMode,
		...updateDisplayOptions({ show: { waitMode: ['poll'] } }, pictureOutputFields),
		optionsField([
			...waitOptions,
			...updateDisplayOptions({ show: { '/waitMode': ['poll'] } }, [outputBinaryPrefix]),
		]),
	],
	async start(context) {
		const waitMode = readWaitMode(context, taskWaitMode);
		return waitMode === 'timer' ? startTimer(context) : await startPollWait(context);
	},
};

async function startPollWait(context: IExecuteFunctions) {
	const pictures = readPictureOutput(context);
	const polling = startPolling(context, readWaitSettings(context, 'poll'));
	const klingIsLocal = isLocal(await baseUrlOf(context));
	return {
		async onItem(itemIndex: number) {
			const { task, completed } = await polling.wait(readTaskId(context, itemIndex));
			return await pictureItems(context, task, { completed }, pictures, klingIsLocal);
		},
		stop(error: Error) {
			polling.stop(error);
			pictures.stop(error);
		},
		finish(items: INodeExecutionData[]) {
			polling.hint();
			return items;
		},
	};
}

/** One look; then a pause, behind which n8n goes on with what was seen. Where n8n cannot pause, polling takes its place. */
function startTimer(context: IExecuteFunctions) {
	const pauseMs = readTimerInterval(context);
	const noPause = whyNoPause(context);
	if (noPause) hintPollingInstead(context, noPause);
	const polling = startPolling(context, readWaitSettings(context, noPause ? 'callback' : 'timer'));
	return {
		async onItem(itemIndex: number) {
			const { task, completed } = await polling.wait(readTaskId(context, itemIndex));
			return [{ json: taskOutput(task, { completed }) }];
		},
		stop: polling.stop,
		async finish(items: INodeExecutionData[]) {
			const open = items.some(({ json }) => json.completed === false);
			return open && !noPause ? await park(context, items, Date.now() + pauseMs) : items;
		},
	};
}
