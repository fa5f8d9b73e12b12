import { updateDisplayOptions } from 'n8n-workflow';
import { earlierOfAll, earlierTries } from '../../../shared/creating/earlierCharges';
import { startBatch, type Batch, type Created } from '../../../shared/creating/batch';
import { capacityTimeout, maxConcurrent, maxNewTasks } from '../../../shared/creating/options';
import { optionsField } from '../../../shared/input/options';
import { TASK_ANSWER, toolDescription } from '../../../shared/input/tool';
import { imageFields } from '../../../shared/input/imageFields';
import {
	downloadImagesField,
	imageOutputField,
	prefixWithOutput,
} from '../../../shared/output/outputFields';
import { imageItems, readImageSettings } from '../../../shared/output/images';
import { taskOutput, type Added } from '../../../shared/output/task';
import { addHint } from '../../../shared/run/hint';
import type { Operation, Run, Work } from '../../../shared/run/operation';
import { TASK_WORDS } from '../../../shared/run/words';
import { createWaitMode, readWaitMode } from '../../../shared/waiting/mode';
import { resumeUrl, whyNoCallback, whyNoPause } from '../../../shared/waiting/park';
import { parkUntilCallback } from '../../../shared/waiting/parkUntilCallback';
import { startPolling } from '../../../shared/waiting/poll';
import { pollingInstead } from '../../../shared/waiting/pollingInstead';
import { readWaitSettings, waitOptions } from '../../../shared/waiting/settings';
import { imagesGoneError } from './errors';
import { createInputOptions, readCreateInputs, type CreateInput } from './input';
import { priceNotice, waitForCompletion } from './fields';

export const create: Operation = {
	entry: {
		name: 'Create Task',
		value: 'create',
		action: 'Create a task',
		description:
			'Create nine new views from one front-facing image. Each task costs money: one charge, 20 image units (about $0.07).',
	},
	fields: [
		toolDescription(
			`Creates nine new views of the thing or person in one front-facing image with Kling AI Multi-Shot, and answers with the task. It can take a few minutes. Each new task costs money: call it once for each image, and not again for one that was returned. An error says what to fix and whether anything was charged. ${TASK_ANSWER}`,
		),
		priceNotice,
		...imageFields('the front image of the product or person'),
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
	earlierCharges: (run) => earlierTries(TASK_WORDS, earlierOfAll(run)),
	async start(run) {
		const { context, kling } = run;
		if (context.getNodeParameter('waitForCompletion', 0, true) !== true)
			return await startWithoutWait(run);
		const waitMode = readWaitMode(context, createWaitMode);
		if (waitMode === 'poll') return await startPollCreate(run, 'poll');
		const noPause = whyNoPause(context) ?? whyNoCallback(context, kling.isLocal);
		if (noPause === undefined) return await startPauseCreate(run);
		addHint(context, pollingInstead(noPause));
		return await startPollCreate(run, 'callback');
	},
};

async function startWithoutWait(run: Run): Promise<Work> {
	const creating = await startCreating(run, {});
	return {
		...reporting(creating),
		async onItem(itemIndex) {
			const { task, added } = await creating.create(itemIndex);
			return { items: [{ json: taskOutput(task, added) }] };
		},
	};
}

/** @param waitMode `callback`: polling in place of a pause */
async function startPollCreate(run: Run, waitMode: 'poll' | 'callback'): Promise<Work> {
	const { context, kling, signal } = run;
	const settings = readWaitSettings(context, waitMode);
	const images = readImageSettings(context);
	const creating = await startCreating(run, { failedIsData: settings.onFailedTask === 'output' });
	const polling = startPolling(run, kling.multiShot, settings);
	creating.onEnded(polling.see);
	const fetching = { context, isLocal: kling.isLocal, signal };
	return {
		...reporting(creating),
		async onItem(itemIndex) {
			const { task: created, origin, added } = await creating.create(itemIndex);
			const { task, completed } = await polling.wait(
				{ id: created.task_id },
				{ task: created, isNew: origin === 'new' },
			);
			return { items: await imageItems(fetching, task, { completed, ...added }, images) };
		},
		hint: () => [polling.hint(), creating.hint()].filter(Boolean).join('. '),
	};
}

async function startPauseCreate(run: Run): Promise<Work> {
	const { context } = run;
	const settings = readWaitSettings(context, 'callback');
	const images = { ...readImageSettings(context), output: 'task' as const };
	const creating = await startCreating(run, { resumeUrl: resumeUrl(context)?.href });
	return {
		...reporting(creating),
		async onItem(itemIndex) {
			const created = await creating.create(itemIndex);
			const { task, added } = created;
			return { open: { task, added, isCalledBack: creating.isCalledBack(created) } };
		},
		settle: async (open) => await parkUntilCallback(run, settings, images, open),
	};
}

interface CreateOptions {
	/** What Kling is to call instead of the user's Callback URL. */
	resumeUrl?: string | undefined;
	/** A reused task that had failed before is output, and not an error. */
	failedIsData?: boolean;
}

interface Creates extends Pick<
	Batch,
	'isCalledBack' | 'onEnded' | 'report' | 'hasCharges' | 'hint'
> {
	create: (itemIndex: number) => Promise<Created & { added: Added }>;
}

/** Checks all items; each is one order. */
async function startCreating(
	run: Run,
	{ resumeUrl, failedIsData = false }: CreateOptions,
): Promise<Creates> {
	const product = { words: TASK_WORDS, failedIsData, goneError: imagesGoneError };
	const batch = startBatch(run, run.kling.multiShot, product);
	const inputs = await readCreateInputs(run, resumeUrl);
	batch.plan(inputs.flatMap((input) => ('order' in input ? [input.order] : [])));
	for (const input of inputs)
		if ('image' in input && input.image.hint !== undefined) addHint(run.context, input.image.hint);
	return {
		...batch,
		async create(itemIndex) {
			const input = inputs[itemIndex];
			if (!input || input instanceof Error)
				throw input ?? new Error(`There is no item ${itemIndex}`);
			const created = await batch.create(input.order);
			return { ...created, added: addedTo(created, input) };
		},
	};
}

function reporting({
	report,
	hasCharges,
	hint,
}: Creates): Pick<Work, 'report' | 'hasCharges' | 'hint'> {
	return { report, hasCharges, hint };
}

function addedTo({ origin }: Created, { image: { front_image_url } }: CreateInput): Added {
	return {
		...(origin === 'foreign' && { reused: true }),
		...(front_image_url !== undefined && { front_image_url }),
	};
}
