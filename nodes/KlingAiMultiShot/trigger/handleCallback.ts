import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { readCallback, taskOfCallback, type Callback } from '../../shared/client/callback';
import { externalIdOf, isFinalStatus, type KlingTask } from '../../shared/client/task';
import { trimmedText } from '../../shared/lib/values';
import { describeRefusal } from '../../shared/run/describeRefusal';
import { checkSignature } from '../../shared/transport/webhook';
import { confirmTask } from './confirm';
import { memoryOf, type Memory } from './memory';
import { once, rememberFinished, type ResolvedTask } from './once';
import type { Verdict } from './verdict';

/** Which tasks start the workflow. */
interface Filter {
	statuses: string[];
	/** Empty: all tasks. */
	externalTaskIdPrefix: string;
	skipApiCheckWhenSigned: boolean;
}

interface Received {
	context: IWebhookFunctions;
	memory: Memory;
	callback: Callback;
	filter: Filter;
	/** By a valid signature; without a Webhook Secret nothing can be. */
	signed: boolean;
}

/**
 * Decides about a request, which anybody may have sent. The cheap checks come first: 1. shape, 2. signature,
 * 3. what the callback states, 4. a duplicate, 5. what Kling's API says.
 * @throws NodeOperationError if the credential cannot be used
 */
export async function handleCallback(context: IWebhookFunctions): Promise<Verdict> {
	const callback = readCallback(jsonBody(context));
	if (!callback) return { refused: 400, reason: 'the body is not a callback from Kling' };

	const isTest = context.getMode() === 'manual';
	// A user who tries out a secret expects it to apply at once.
	const signature = await checkSignature(context, !isTest);
	if ('refused' in signature) {
		const { refused } = signature;
		const isOutsideTolerance = refused.reason === 'outsideTolerance';
		return { refused: 401, reason: describeRefusal(refused), isOutsideTolerance };
	}

	const memory = memoryOf(context);
	const filter = readFilter(context);
	const received = { context, memory, callback, filter, signed: signature.signed };
	return await (isTest ? handleTest(received) : handleProduction(received));
}

async function handleProduction(received: Received): Promise<Verdict> {
	const { memory, callback, filter, signed } = received;
	const { task_id, task_status } = callback;
	if (!mayPass(callback, filter)) {
		if (signed && isFinalStatus(task_status)) rememberFinished(memory, task_id);
		return { ignored: `task ${task_id} is ${task_status}, or has another External Task ID` };
	}
	const resolve = async () => await resolveTask(received);
	return await once(memory, callback, resolve, (task) => passes(task, filter));
}

async function resolveTask(received: Received): Promise<ResolvedTask> {
	const { context, memory, callback, filter, signed } = received;
	if (signed && maySkipRead(context, callback, filter))
		return { task: taskOfCallback(context.getBodyData(), callback) };
	const key = `${callback.task_id} ${callback.task_status}`;
	const unknown = { ignored: `Kling's API does not know task ${callback.task_id}` };
	if (memory.unknown.get(key) && !signed) return unknown;
	const confirmed = await confirmTask(context, memory, callback, signed);
	if (!('unknown' in confirmed)) return confirmed;
	memory.unknown.set(key, true);
	return unknown;
}

/** The user listens for a test event: the same one may come again and again, and the console's names no task. */
async function handleTest({ context, memory, callback, filter }: Received): Promise<Verdict> {
	const { task_id, task_status } = callback;
	const confirmed = await confirmTask(context, memory, callback, false);
	if ('unknown' in confirmed) return { test: { test: true, task_id, task_status } };
	if ('refused' in confirmed || passes(confirmed.task, filter)) return confirmed;
	return { ignored: `task ${task_id} is not one of those chosen` };
}

/** Not if the output needs what the callback lacks: images come only from Kling's API. */
function maySkipRead(
	context: IWebhookFunctions,
	{ external_task_id }: Callback,
	{ externalTaskIdPrefix, skipApiCheckWhenSigned }: Filter,
): boolean {
	const needsImages =
		context.getNodeParameter('downloadImages', false) === true ||
		context.getNodeParameter('output', 'task') === 'images';
	const needsExternalId = externalTaskIdPrefix !== '' && !external_task_id;
	return skipApiCheckWhenSigned && !needsImages && !needsExternalId;
}

/** n8n parses forms and XML, too, which Kling never sends. */
function jsonBody(context: IWebhookFunctions): IDataObject | undefined {
	const contentType = trimmedText(context.getHeaderData()['content-type']).toLowerCase();
	return contentType.startsWith('application/json') ? context.getBodyData() : undefined;
}

function readFilter(context: IWebhookFunctions): Filter {
	const statuses: unknown = context.getNodeParameter('statuses', []);
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		statuses: Array.isArray(statuses) ? statuses.map(String) : [],
		externalTaskIdPrefix: trimmedText(options.externalTaskIdPrefix),
		skipApiCheckWhenSigned: options.skipApiCheckWhenSigned === true,
	};
}

/** By what the callback states: real ones were seen without an external id. */
function mayPass(
	{ task_status, external_task_id }: Callback,
	{ statuses, externalTaskIdPrefix }: Filter,
): boolean {
	const mayHavePrefix = !external_task_id || external_task_id.startsWith(externalTaskIdPrefix);
	return statuses.includes(task_status) && mayHavePrefix;
}

function passes(task: KlingTask, { statuses, externalTaskIdPrefix }: Filter): boolean {
	const external_task_id = externalIdOf(task) ?? '';
	return statuses.includes(task.task_status) && external_task_id.startsWith(externalTaskIdPrefix);
}
