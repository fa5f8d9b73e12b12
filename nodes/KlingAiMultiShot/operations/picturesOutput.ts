import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import { cancelSignal } from '../transport/context';
import { limiter } from './limiter';
import { picturesExpireAt, taskOutput, type Added } from './output';
import { downloadPicture, MAX_PICTURE_MB, MAX_TRIES, STALL_S, TOTAL_S } from './picturesDownload';
import { picturesOfTask, type Picture } from './picturesOfTask';

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
					'An item for each view, with task_id, index (of the set, from 0), view (from 1), url and expires_at; its file is in "data". A task without pictures comes out as it is.',
			},
			{
				name: 'One Item per Task',
				value: 'task',
				description: "Kling's task as it is; its files are in image_0_1 to image_2_3",
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
	const read = (name: string, fallback: unknown): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, fallback)
			: context.getNodeParameter(name, fallback as IDataObject);
	const { outputBinaryPrefix: prefix } = read('options', {}) as IDataObject;
	const ending = new AbortController();
	const cancel = cancelSignal(context);
	cancel?.addEventListener('abort', () => ending.abort(cancel.reason));
	return {
		downloadImages: read('downloadImages', false) === true,
		output: read('output', 'task') === 'images' ? 'images' : 'task',
		outputBinaryPrefix: String(prefix ?? outputBinaryPrefix.default),
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
	const json = taskOutput(task, added);
	const pictures = picturesOfTask(task);
	const files = await Promise.all(pictures.map(async (picture) => await fileOf(picture)));
	if (settings.output === 'images' && pictures.length > 0)
		return pictures.map((picture, position) => pictureItem(task, picture, files[position]));
	return [{ json, ...together(pictures, files, settings.outputBinaryPrefix) }];
}
