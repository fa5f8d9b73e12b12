import type { INodeProperties } from 'n8n-workflow';
import { getTask } from '../../shared/client/taskApi';
import { optionsField } from '../../shared/input/options';
import { readTaskId, taskIdFields } from '../../shared/input/taskId';
import { TASK_ANSWER, toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import {
	downloadImagesField,
	imageOutputField,
	outputBinaryPrefix,
} from '../../shared/output/outputFields';
import { imageItems, readImageSettings } from '../../shared/output/images';
import { klingError } from '../../shared/run/klingError';
import type { Operation } from '../../shared/run/operation';

const READS_CONCURRENCY = 10;

/** Without files there is nothing to choose. */
const imageOptions: INodeProperties = {
	...optionsField([outputBinaryPrefix]),
	displayOptions: { show: { downloadImages: [true], output: ['task'] } },
};

export const get: Operation = {
	entry: {
		name: 'Get Task',
		value: 'get',
		action: 'Get a task',
		description: 'Read the status of a task and, when it has succeeded, its images',
	},
	fields: [
		toolDescription(
			`Reads a task of Kling AI Multi-Shot once, at no cost, and answers with it. Give the task_id that another tool has returned. ${TASK_ANSWER}`,
		),
		...taskIdFields,
		downloadImagesField(true),
		imageOutputField('images'),
		imageOptions,
	],
	start({ context, kling, signal }) {
		const limited = limiter(READS_CONCURRENCY);
		const images = readImageSettings(context);
		const fetching = { context, isLocal: kling.isLocal, signal };
		return {
			async onItem(itemIndex) {
				const reference = readTaskId(context, itemIndex);
				const result = await limited(async () => await getTask(kling.multiShot, reference));
				if ('failure' in result)
					throw klingError(context, result.failure, { action: `get task ${reference.id}` });
				return { items: await imageItems(fetching, result.value, {}, images) };
			},
		};
	},
};
