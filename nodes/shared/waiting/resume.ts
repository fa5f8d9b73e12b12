import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { readCallback, taskOfCallback, type Callback } from '../client/callback';
import { isFinal, readTask, type KlingTask } from '../client/task';
import { asText, isObject } from '../lib/values';
import { checkSignature, reply, tellLog } from '../transport/webhook';
import { output } from './parkUntilCallback';
import { picturesOfTask } from '../output/views';
import { PAUSED_ITEMS } from './pausedItems';
import { checkTasks } from './checkTasks';

/**
 * A callback on the resume URL of a paused execution. It wakes the execution when all its tasks have finished; in
 * any other case the execution stays parked. Never throws: n8n would resume it with an empty item.
 */
export async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await judge(context);
	} catch (error) {
		tellLog(context, `callback not used: ${(error as Error).message}`, true);
		return reply(context, 503, 'The tasks could not be read now, send the callback again later');
	}
}

async function judge(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body: unknown = context.getRequestObject().body;
	const callback = readCallback(body);
	if (!callback) return reply(context, 400, 'The body is not a callback of Kling');

	const signature = await checkSignature(context);
	if ('refused' in signature) {
		const { reason, byTime } = signature.refused;
		tellLog(context, `callback refused: ${reason}`, byTime);
		return reply(context, 401, 'The signature is missing or wrong');
	}

	const items = readItems(context);
	const open = items.map(openTask).filter((task) => task !== undefined);
	const called = open.find(({ task_id }) => task_id === callback.task_id);
	// A foreign task, an unfinished one, or one that had finished before the pause.
	if (!called || !isFinal(callback)) return {};
	const told = signature.signed ? signedTask(body, callback) : undefined;
	return await wake(context, items, open, callback, told);
}

async function wake(
	context: IWebhookFunctions,
	items: IDataObject[],
	open: KlingTask[],
	callback: Callback,
	signed: KlingTask | undefined,
): Promise<IWebhookResponseData> {
	const check = await checkTasks(context, open, callback.task_id, signed);
	if (check === 'behind')
		return reply(
			context,
			503,
			"Kling's API is behind the callback or could not be read, send the callback again later",
		);
	// The first of several callbacks wakes it; n8n would answer the others with an error.
	if (check === 'unfinished' || check === 'woken') return {};
	const awake = items.map((json, item): INodeExecutionData => {
		const task = check.get(asText(json.task_id));
		return { json: task ? output(json, task, true) : json, pairedItem: { item } };
	});
	return { workflowData: [awake] };
}

function readItems(context: IWebhookFunctions): IDataObject[] {
	const items: unknown = context.getNodeParameter(PAUSED_ITEMS, []);
	return Array.isArray(items) ? items.filter(isObject).map((item) => item as IDataObject) : [];
}

function openTask(json: IDataObject): KlingTask | undefined {
	return json.completed === false ? readTask(json) : undefined;
}

/** What a callback with a valid signature says, where it says all. */
function signedTask(body: unknown, callback: Callback): KlingTask | undefined {
	const task = taskOfCallback(body as IDataObject, callback);
	return task.task_status === 'failed' || picturesOfTask(task).length > 0 ? task : undefined;
}
