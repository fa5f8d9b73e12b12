import {
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isLocal } from '../../shared/transport/baseUrl';
import { baseUrlOf } from '../../shared/transport/credential';
import { TASK_TOLD, toolDescription } from '../../shared/input/tool';
import type { Operation } from '../../shared/run/operation';
import { optionsField } from '../../shared/input/options';
import { taskOutput } from '../../shared/output/task';
import { park, whyNoPause } from '../../shared/waiting/park';
import {
	outputBinaryPrefix,
	pictureItems,
	pictureOutputFields,
	readPictureOutput,
} from '../../shared/output/images';
import { hintPollingInstead } from '../../shared/waiting/pollingInstead';
import { startPolling } from '../../shared/waiting/poll';
import { readTaskId, taskIdFields } from '../../shared/input/taskId';
import { readWaitMode, taskWaitMode } from '../../shared/waiting/mode';
import { readTimerInterval, readWaitSettings, waitOptions } from '../../shared/waiting/settings';

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
