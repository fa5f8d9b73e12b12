import { updateDisplayOptions } from 'n8n-workflow';
import { optionsField } from '../../shared/input/options';
import { readTaskId, taskIdFields } from '../../shared/input/taskId';
import { TASK_ANSWER, toolDescription } from '../../shared/input/tool';
import {
	downloadImagesField,
	imageOutputField,
	prefixWithOutput,
} from '../../shared/output/outputFields';
import { imageItems, readImageSettings } from '../../shared/output/images';
import { taskOutput } from '../../shared/output/task';
import { addHint } from '../../shared/run/hint';
import type { Operation, Run, Work } from '../../shared/run/operation';
import { readWaitMode, taskWaitMode } from '../../shared/waiting/mode';
import { whyNoPause } from '../../shared/waiting/park';
import { startPolling } from '../../shared/waiting/poll';
import { pollingInstead } from '../../shared/waiting/pollingInstead';
import {
	ENDS_AS_DATA,
	ONE_CHECK,
	readTimerInterval,
	readWaitSettings,
	waitOptions,
} from '../../shared/waiting/settings';

export const wait: Operation = {
	entry: {
		name: 'Wait for Task',
		value: 'wait',
		action: 'Wait for a task',
		description: 'Wait until a task has finished, and output it with its images',
	},
	fields: [
		toolDescription(
			`Waits, at no cost, until a task of Kling AI Multi-Shot has finished, and answers with it. Most take less than a minute. Give the task_id that another tool has returned. ${TASK_ANSWER}`,
		),
		...taskIdFields,
		...taskWaitMode,
		...updateDisplayOptions({ show: { waitMode: ['poll'] } }, [
			downloadImagesField(true),
			imageOutputField('images'),
		]),
		optionsField([
			...waitOptions,
			...updateDisplayOptions({ show: { '/waitMode': ['poll'] } }, prefixWithOutput),
		]),
	],
	start(run) {
		const waitMode = readWaitMode(run.context, taskWaitMode);
		return waitMode === 'timer' ? startTimer(run) : startPollWait(run);
	},
};

function startPollWait(run: Run): Work {
	const { context, kling, signal } = run;
	const images = readImageSettings(context);
	const polling = startPolling(run, kling.multiShot, readWaitSettings(context, 'poll'));
	const fetching = { context, isLocal: kling.isLocal, signal };
	return {
		async onItem(itemIndex) {
			const { task, completed } = await polling.wait(readTaskId(context, itemIndex));
			return { items: await imageItems(fetching, task, { completed }, images) };
		},
		hint: polling.hint,
	};
}

/** One check; then a pause, after which n8n outputs what was seen. Where n8n cannot pause, polling takes its place. */
function startTimer(run: Run): Work {
	const { context, kling } = run;
	const pauseMs = readTimerInterval(context);
	const noPause = whyNoPause(context);
	if (noPause) addHint(context, pollingInstead(noPause));
	const settings = noPause ? { ...readWaitSettings(context, 'poll'), ...ENDS_AS_DATA } : ONE_CHECK;
	const polling = startPolling(run, kling.multiShot, settings);
	return {
		async onItem(itemIndex) {
			const { task, completed } = await polling.wait(readTaskId(context, itemIndex));
			if (completed || noPause) return { items: [{ json: taskOutput(task, { completed }) }] };
			return { open: { task, added: {}, isCalledBack: false } };
		},
		async settle(open) {
			const items = open.map(({ task }) => ({ json: taskOutput(task, { completed: false }) }));
			return { items, parkUntil: Date.now() + pauseMs };
		},
	};
}
