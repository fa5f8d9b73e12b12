import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';
import { isGeneratedId } from '../client/externalId';
import { externalIdOf, type KlingTask } from '../client/task';
import { isTool } from '../input/tool';
import { limiter, type Limiter } from '../lib/limiter';
import { trimmedText, isObject } from '../lib/values';
import { downloadImage } from './download';
import { DOWNLOADS_CONCURRENCY, outputBinaryPrefix } from './outputFields';
import { expiryOf, imagesExpireAt, taskOutput, type Added } from './task';
import { viewsOf, type View } from './views';

/** Of one run, whose downloads share one queue. */
export interface ImageSettings {
	downloadImages: boolean;
	output: 'task' | 'images';
	outputBinaryPrefix: string;
	limited: Limiter;
}

type Context = IExecuteFunctions | IWebhookFunctions;

/** Where and how the images of one task are fetched. */
export interface Fetching {
	context: Context;
	/** Images may come from this machine, over plain http. */
	isLocal: boolean;
	signal: AbortSignal;
}

/** Read once a run, from item 0. A tool passes on JSON alone. */
export function readImageSettings(context: Context): ImageSettings {
	const isExecution = 'getInputData' in context && 'getExecutionCancelSignal' in context;
	const read = (name: string): unknown =>
		isExecution ? context.getNodeParameter(name, 0, '') : context.getNodeParameter(name, '');
	const options = read('options');
	const prefix = isObject(options) ? options[outputBinaryPrefix.name] : undefined;
	const asTool = isExecution && isTool(context);
	return {
		downloadImages: read('downloadImages') === true && !asTool,
		output: read('output') === 'images' && !asTool ? 'images' : 'task',
		outputBinaryPrefix: trimmedText(prefix) || 'image_',
		limited: limiter(DOWNLOADS_CONCURRENCY),
	};
}

/**
 * The task's items, without `pairedItem`. Only what the task says is fetched: give one that came from the API.
 * @param added goes beside Kling's fields
 * @throws the reason of the signal; never because of an image
 */
export async function imageItems(
	fetching: Fetching,
	task: KlingTask,
	added: Added,
	settings: ImageSettings,
): Promise<INodeExecutionData[]> {
	const views = viewsOf(task);
	const files = settings.downloadImages ? await downloadAll(fetching, task, views, settings) : [];
	if (settings.output === 'task' || views.length === 0)
		return [wholeTask(taskOutput(task, added), views, files, settings.outputBinaryPrefix)];
	return views.map((view, position) => oneImage(task, added, view, files[position]));
}

async function downloadAll(
	{ context, isLocal, signal }: Fetching,
	task: KlingTask,
	views: View[],
	{ limited }: ImageSettings,
): Promise<File[]> {
	return await Promise.all(
		views.map(async ({ set, view, url }) => {
			const fileName = `${task.task_id}_${set}_${view}`;
			const download = { url, fileName, isLocal, signal };
			const file = await limited(async () => await downloadImage(context, download));
			return typeof file === 'string' ? `${file}${expired(task)}` : file;
		}),
	);
}

function expired(task: KlingTask): string {
	const at = imagesExpireAt(task);
	if (at === undefined || at > Date.now()) return '';
	return `. It expired at ${expiryOf(task)}: Kling deletes images after 30 days.`;
}

/** A file, or why there is none. */
type File = IBinaryData | string | undefined;

function wholeTask(
	json: IDataObject,
	views: View[],
	files: File[],
	prefix: string,
): INodeExecutionData {
	const binary: IBinaryKeyData = {};
	const errors: IDataObject[] = [];
	for (const [position, { set, view }] of views.entries()) {
		const file = files[position];
		if (typeof file === 'string') errors.push({ set, view, reason: file });
		else if (file) binary[`${prefix}${set}_${view}`] = file;
	}
	return {
		json: { ...json, ...(errors.length > 0 && { download_errors: errors }) },
		...(Object.keys(binary).length > 0 && { binary }),
	};
}

function oneImage(task: KlingTask, added: Added, view: View, file: File): INodeExecutionData {
	const external_task_id = externalIdOf(task);
	const isGivenId = external_task_id !== undefined && !isGeneratedId(external_task_id);
	const expires_at = expiryOf(task);
	return {
		json: {
			task_id: task.task_id,
			...view,
			...(expires_at !== undefined && { expires_at }),
			...(isGivenId && { external_task_id }),
			...added,
			...(typeof file === 'string' && { download_error: file }),
		},
		...(typeof file === 'object' && { binary: { data: file } }),
	};
}
