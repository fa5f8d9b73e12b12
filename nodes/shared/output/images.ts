import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import { cancelSignal } from '../transport/context';
import { asText, isObject } from '../lib/values';
import { limiter } from '../lib/limiter';
import { picturesExpireAt, taskOutput, type Added } from './task';
import { downloadPicture, MAX_PICTURE_MB, MAX_TRIES, STALL_S, TOTAL_S } from './download';
import { picturesOfTask, type Picture } from './views';

const DOWNLOADS_SIDE_BY_SIDE = 3;

export const pictureOutputFields: INodeProperties[] = [
	{
		displayName: 'Download Images',
		name: 'downloadImages',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		description: `Whether to also put the pictures out as files (binary data): at most ${MAX_PICTURE_MB} MB each, ${DOWNLOADS_SIDE_BY_SIDE} at a time, given up after ${STALL_S} seconds without a byte or ${TOTAL_S} seconds in all, tried ${MAX_TRIES} times where the connection fails. One that cannot be downloaded keeps its URL and says why.`,
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'One Item per Image',
				value: 'images',
				description:
					'An item for each view, with its URL, index (of the set, from 0), view (from 1), task_id and expires_at; with Download Images the file is in "data". A task without pictures comes out as it is.',
			},
			{
				name: 'One Item per Task',
				value: 'task',
				description:
					"Kling's task as it is, with the URLs in task_result.images; with Download Images the files are in image_0_1 to image_2_3",
			},
		],
		default: 'task',
		description: 'Whether the pictures of a task stay together or come out one by one',
	},
];

/** An entry of `options`. */
export const outputBinaryPrefix: INodeProperties = {
	displayName: 'Output Binary Prefix',
	name: 'outputBinaryPrefix',
	type: 'string',
	default: 'image_',
	placeholder: 'e.g. image_',
	displayOptions: { show: { '/downloadImages': [true], '/output': ['task'] } },
	description:
		'What the names of the binary fields begin with. Set (from 0) and view (from 1) follow: image_0_1 to image_2_3.',
};

/** Of one run: its downloads share one queue and one end. */
export interface PictureOutput {
	downloadImages: boolean;
	output: 'task' | 'images';
	outputBinaryPrefix: string;
	limited: ReturnType<typeof limiter>;
	signal: AbortSignal;
	/** Ends all downloads with this error. */
	stop: (error: Error) => void;
}

/** Read once a run, from item 0. */
export function readPictureOutput(context: IExecuteFunctions | IWebhookFunctions): PictureOutput {
	const read = (name: string): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, '')
			: context.getNodeParameter(name, '');
	const options = read('options');
	const prefix = isObject(options) ? options[outputBinaryPrefix.name] : undefined;
	const ending = new AbortController();
	const cancel = cancelSignal(context);
	cancel?.addEventListener('abort', () => ending.abort(cancel.reason));
	return {
		downloadImages: read('downloadImages') === true,
		output: read('output') === 'images' ? 'images' : 'task',
		outputBinaryPrefix: asText(prefix) || 'image_',
		limited: limiter(DOWNLOADS_SIDE_BY_SIDE),
		signal: ending.signal,
		stop: (error) => ending.abort(error),
	};
}

/**
 * The task's items, without `pairedItem`. Only what stands in the task is fetched: give one that came from the API.
 * @param added stands beside Kling's fields, where the task comes out whole
 * @param klingIsLocal whether pictures may come from this machine, over plain http
 * @throws where the execution was stopped, or the error given to `settings.stop`; never because of a picture
 */
export async function pictureItems(
	context: IExecuteFunctions | IWebhookFunctions,
	task: KlingTask,
	added: Added,
	settings: PictureOutput,
	klingIsLocal: boolean,
): Promise<INodeExecutionData[]> {
	const { output, downloadImages, limited } = settings;
	const pictures = picturesOfTask(task);
	const files = await Promise.all(
		pictures.map(async (picture) => {
			if (!downloadImages) return undefined;
			const { signal } = settings;
			const fileName = `${task.task_id}_${picture.index}_${picture.view}`;
			const download = { url: picture.url, fileName, klingIsLocal, signal };
			const file = await limited(async () => await downloadPicture(context, download));
			return typeof file === 'string' ? `${file}${expired(task)}` : file;
		}),
	);
	if (output === 'task' || pictures.length === 0)
		return [wholeTask(taskOutput(task, added), pictures, files, settings.outputBinaryPrefix)];
	return pictures.map((picture, position) => onePicture(task, picture, files[position]));
}

function expired(task: KlingTask): string {
	const at = picturesExpireAt(task);
	if (at === undefined || at > Date.now()) return '';
	return `. It expired at ${new Date(at).toISOString()}: Kling deletes pictures after 30 days.`;
}

/** A file, or why there is none. */
type File = IBinaryData | string | undefined;

function wholeTask(
	json: IDataObject,
	pictures: Picture[],
	files: File[],
	prefix: string,
): INodeExecutionData {
	const binary: IBinaryKeyData = {};
	const errors: IDataObject[] = [];
	for (const [position, { index, view }] of pictures.entries()) {
		const file = files[position];
		if (typeof file === 'string') errors.push({ index, view, reason: file });
		else if (file) binary[`${prefix}${index}_${view}`] = file;
	}
	return {
		json: { ...json, ...(errors.length > 0 && { download_errors: errors }) },
		...(Object.keys(binary).length > 0 && { binary }),
	};
}

function onePicture(task: KlingTask, picture: Picture, file: File): INodeExecutionData {
	const external_task_id = task.task_info?.external_task_id;
	const { expires_at } = taskOutput(task);
	return {
		json: {
			task_id: task.task_id,
			...(external_task_id !== undefined && { external_task_id }),
			...picture,
			...(expires_at !== undefined && { expires_at }),
			...(typeof file === 'string' && { download_error: file }),
		},
		...(typeof file === 'object' && { binary: { data: file } }),
	};
}
