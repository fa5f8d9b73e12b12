import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { openKling } from '../client/kling';
import { readCallback, taskOfCallback, type Callback } from '../client/callback';
import { isFinalStatus, readTask, type KlingTask } from '../client/task';
import { trimmedText, isDefined } from '../lib/values';
import { imageItems, readImageSettings, type ImageSettings } from '../output/images';
import type { Added } from '../output/task';
import { viewsOf } from '../output/views';
import { describeRefusal } from '../run/describeRefusal';
import { logCallback } from '../run/logCallback';
import { sleep } from '../transport/abort';
import { checkSignature, reply } from '../transport/webhook';
import { checkTasks } from './checkPausedTasks';
import { readParkedState, type ParkedState } from './parkedState';

/** n8n's own wait may end in the meantime, and then takes precedence. */
const MAX_DOWNLOADS_MS = 60_000;

const LATER = 'send the callback again later';

/**
 * A callback on the resume URL of a paused execution. It wakes the execution when all its tasks have finished; in
 * any other case the execution stays parked. Never throws: n8n would resume it with an empty item.
 */
export async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await handle(context);
	} catch (error) {
		logCallback(context, `callback not used: ${(error as Error).message}`, true);
		return reply(context, 503, `The tasks could not be read now: ${LATER}`);
	}
}

async function handle(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body: unknown = context.getRequestObject().body;
	const callback = readCallback(body);
	if (!callback) return reply(context, 400, 'The body is not a callback from Kling');

	const signature = await checkSignature(context);
	if ('refused' in signature) {
		const { refused } = signature;
		logCallback(
			context,
			`callback refused: ${describeRefusal(refused)}`,
			refused.reason === 'outsideTolerance',
		);
		return reply(context, 401, 'The signature is missing or wrong');
	}

	const parked = readParkedState(context);
	const open = parked.items.map(openTask).filter(isDefined);
	const isOpen = open.some(({ task_id }) => task_id === callback.task_id);
	// Another task, an unfinished one, or one that had finished before the pause.
	if (!isOpen || !isFinalStatus(callback.task_status)) return {};
	const signed = signature.signed ? signedTask(body, callback) : undefined;
	return await wake(context, parked, open, callback, signed);
}

async function wake(
	context: IWebhookFunctions,
	{ items, hasFiles }: ParkedState,
	open: KlingTask[],
	callback: Callback,
	signed: KlingTask | undefined,
): Promise<IWebhookResponseData> {
	const check = await checkTasks(context, open, callback.task_id, signed);
	if (check.is === 'outdated')
		return reply(
			context,
			503,
			`Kling's API is not as far as the callback, or could not be read: ${LATER}`,
		);
	// The first of several callbacks wakes it; n8n would answer the others with an error.
	if (check.is !== 'finished') return {};
	try {
		const settings = readImageSettings(context);
		const downloadImages = settings.downloadImages && hasFiles;
		const images = { ...settings, downloadImages, output: 'task' as const };
		const isLocal = downloadImages && (await openKling(context)).isLocal;
		return await output(context, items, check.tasks, { images, isLocal });
	} finally {
		check.release();
	}
}

interface Fetched {
	images: ImageSettings;
	/** Images may come from this machine. */
	isLocal: boolean;
}

async function output(
	context: IWebhookFunctions,
	items: IDataObject[],
	tasks: Map<string, KlingTask>,
	fetched: Fetched,
): Promise<IWebhookResponseData> {
	// Kling is not kept waiting for the images, so the answer cannot be n8n's.
	const answered = fetched.images.downloadImages;
	if (answered) context.getResponseObject().status(200).json({ message: 'Callback received' });
	const awake = await awakeItems(context, items, tasks, fetched);
	return { workflowData: [awake], noWebhookResponse: answered };
}

/** In time, or else without files: Kling has its answer and does not call again. */
async function awakeItems(
	context: IWebhookFunctions,
	items: IDataObject[],
	tasks: Map<string, KlingTask>,
	{ images, isLocal }: Fetched,
): Promise<INodeExecutionData[]> {
	const ending = new AbortController();
	const itemsWith = async (settings: ImageSettings) => {
		const all = items.map(async (json, item): Promise<INodeExecutionData[]> => {
			const task = isFailure(json)
				? undefined
				: (tasks.get(trimmedText(json.task_id)) ?? finishedTask(json));
			const fetching = { context, isLocal, signal: ending.signal };
			const own = task ? await imageItems(fetching, task, addedIn(json), settings) : [{ json }];
			return own.map((one) => ({ ...one, pairedItem: { item } }));
		});
		return (await Promise.all(all)).flat();
	};
	const outOfTime = sleep(MAX_DOWNLOADS_MS, ending.signal).then(ignore, ignore);
	const done = await Promise.race([itemsWith(images).catch(ignore), outOfTime]);
	ending.abort(new Error('The images were not downloaded in time'));
	return done ?? (await itemsWith({ ...images, downloadImages: false }));
}

function ignore(): undefined {
	return undefined;
}

function openTask(json: IDataObject): KlingTask | undefined {
	return json.completed === false && !isFailure(json) ? readTask(json) : undefined;
}

/** With On Error → Continue: beside the error it has the fields of its input, perhaps those of an older task. */
function isFailure({ error }: IDataObject): boolean {
	return error !== undefined;
}

/** One that had ended before the pause: its images are downloaded with the others. */
function finishedTask(json: IDataObject): KlingTask | undefined {
	return json.completed === true ? readTask(json) : undefined;
}

/** What the node had added to a task before the pause. */
function addedIn({ reused, front_image_url }: IDataObject): Added {
	return {
		completed: true,
		...(reused === true && { reused }),
		...(typeof front_image_url === 'string' && { front_image_url }),
	};
}

/** What a callback with a valid signature says, where it says everything. */
function signedTask(body: unknown, callback: Callback): KlingTask | undefined {
	const task = taskOfCallback(body as IDataObject, callback);
	return task.task_status === 'failed' || viewsOf(task).length > 0 ? task : undefined;
}
