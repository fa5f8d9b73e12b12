import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { getTask } from '../../shared/client/endpoints';
import { isLocal } from '../../shared/transport/baseUrl';
import { baseUrlOf } from '../../shared/transport/credential';
import { klingError } from '../../shared/transport/errors';
import { TASK_TOLD, toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import type { Operation } from '../../shared/run/operation';
import { optionsField } from '../../shared/input/options';
import {
	outputBinaryPrefix,
	pictureItems,
	pictureOutputFields,
	readPictureOutput,
} from '../../shared/output/images';
import { readTaskId, taskIdFields } from '../../shared/input/taskId';

const READS_SIDE_BY_SIDE = 10;

/** Without files there is nothing to choose. */
const pictureOptions: INodeProperties = {
	...optionsField([outputBinaryPrefix]),
	displayOptions: { show: { downloadImages: [true], output: ['task'] } },
};

export const get: Operation = {
	entry: {
		name: 'Get Task',
		value: 'get',
		action: 'Get a task',
		description: 'Look once at a task: its status and, when it has succeeded, its pictures',
	},
	fields: [
		toolDescription(
			`Looks once at a task of Kling AI Multi-Shot, at no cost, and answers with it. Give the task_id that another tool has told. ${TASK_TOLD}`,
		),
		...taskIdFields,
		...pictureOutputFields,
		pictureOptions,
	],
	async start(context: IExecuteFunctions) {
		const limited = limiter(READS_SIDE_BY_SIDE);
		const pictures = readPictureOutput(context);
		const klingIsLocal = isLocal(await baseUrlOf(context));
		return {
			async onItem(itemIndex) {
				const task = readTaskId(context, itemIndex);
				const result = await limited(async () => await getTask(context, task));
				if ('failure' in result)
					throw klingError(context, result.failure, { action: 'get task', task });
				return await pictureItems(context, result.value, {}, pictures, klingIsLocal);
			},
			stop: pictures.stop,
		};
	},
};
