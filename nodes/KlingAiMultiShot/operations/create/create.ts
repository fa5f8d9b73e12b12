import { updateDisplayOptions } from 'n8n-workflow';
import { optionsField } from '../../../shared/input/options';
import { TASK_ANSWER, toolDescription } from '../../../shared/input/tool';
import { imageFields } from '../../../shared/input/imageFields';
import {
	downloadImagesField,
	imageOutputField,
	prefixWithOutput,
} from '../../../shared/output/imageFields';
import { imageItems, readImageSettings } from '../../../shared/output/images';
import { taskOutput, type Added } from '../../../shared/output/task';
import { addHint } from '../../../shared/run/hint';
import type { Operation, Run, Work } from '../../../shared/run/operation';
import { createWaitMode, readWaitMode } from '../../../shared/waiting/mode';
import { resumeUrl, whyNoCallback, whyNoPause } from '../../../shared/waiting/park';
import { parkUntilCallback } from '../../../shared/waiting/parkUntilCallback';
import { startPolling } from '../../../shared/waiting/poll';
import { pollingInstead } from '../../../shared/waiting/pollingInstead';
import { readWaitSettings, waitOptions, type WaitMode } from '../../../shared/waiting/settings';
import { startBatch, type Batch, type Created } from './batch';
import { createInputOptions } from './input';
import {
	capacityTimeout,
	maxConcurrent,
	maxNewTasks,
	priceNotice,
	waitForCompletion,
} from './fields';

export const create: Operation = {
	entry: {
		name: 'Create Task',
		value: 'create',
		action: 'Create a task',
		description:
			'Create nine other views from one front-facing image. Each task costs money: one charge, 20 image units (about $0.07).',
	},
	fields: [
		toolDescription(
			`Creates nine other views of the thing or person in one front-facing image with Kling AI Multi-Shot, and answers with the task. It takes up to some minutes. Each new task costs money: call it once for each image, and not again for one that was returned. An error says what to fix and whether anything was charged. ${TASK_ANSWER}`,
		),
		priceNotice,
		...imageFields('the front image of the person or thing'),
		waitForCompletion,
		...updateDisplayOptions({ show: { waitForCompletion: [true] } }, [
			...createWaitMode,
			downloadImagesField(true),
			...updateDisplayOptions({ show: { waitMode: ['poll'] } }, [imageOutputField('images')]),
		]),
		optionsField([
			...createInputOptions,
			maxConcurrent,
			maxNewTasks,
			capacityTimeout,
			...updateDisplayOptions({ show: { '/waitForCompletion': [true] } }, [
				...waitOptions.filter(({ name }) => name !== 'timerInterval'),
				...updateDisplayOptions({ show: { '/waitMode': ['poll'] } }, prefixWithOutput),
			]),
		]),
	],
	async start(run) {
		const { context, kling } = run;
		if (context.getNodeParameter('waitForCompletion', 0, true) !== true)
			return await startWithoutWait(run);
		const waitMode = readWaitMode(context, createWaitMode);
		if (waitMode === 'poll') return await startPollCreate(run, waitMode);
		const noPause = whyNoPause(context) ?? whyNoCallback(context, kling.isLocal);
		if (noPause === undefined) return await startPauseCreate(run);
		addHint(context, pollingInstead(noPause));
		return await startPollCreate(run, waitMode);
	},
};

async function startWithoutWait(run: Run): Promise<Work> {
	const batch = await startBatch(run, {});
	return {
		...reporting(batch),
		async onItem(itemIndex) {
			const created = await batch.create(itemIndex);
			return { items: [{ json: taskOutput(created.task, addedTo(created)) }] };
		},
	};
}

async function startPollCreate(run: Run, waitMode: WaitMode): Promise<Work> {
	const { context, kling, signal } = run;
	const settings = readWaitSettings(context, waitMode);
	const images = readImageSettings(context);
	const batch = await startBatch(run, { failedIsData: settings.onFailedTask === 'output' });
	const polling = startPolling(run, kling.multiShot, settings);
	const fetching = { context, isLocal: kling.isLocal, signal };
	return {
		...reporting(batch),
		async onItem(itemIndex) {
			const created = await batch.create(itemIndex);
			const { task, completed } = await polling.wait(
				{ id: created.task.task_id },
				{ task: created.task, isNew: created.origin === 'new' },
			);
			const added = { completed, ...addedTo(created) };
			return { items: await imageItems(fetching, task, added, images) };
		},
		hint: () => [polling.hint(), batch.hint()].filter(Boolean).join('. '),
	};
}

async function startPauseCreate(run: Run): Promise<Work> {
	const { context } = run;
	const settings = readWaitSettings(context, 'callback');
	const images = { ...readImageSettings(context), output: 'task' as const };
	const batch = await startBatch(run, { resumeUrl: resumeUrl(context)?.href });
	return {
		...reporting(batch),
		async onItem(itemIndex) {
			const created = await batch.create(itemIndex);
			const { task } = created;
			const isCalledBack = batch.isCalledBack(created);
			return { open: { task, added: addedTo(created), isCalledBack } };
		},
		settle: async (open) => await parkUntilCallback(run, settings, images, open),
	};
}

function reporting({ report, hint }: Batch): Pick<Work, 'report' | 'hint'> {
	return { report, hint };
}

function addedTo({ origin, front_image_url }: Created): Added {
	return {
		...(origin === 'foreign' && { reused: true }),
		...(front_image_url !== undefined && { front_image_url }),
	};
}
