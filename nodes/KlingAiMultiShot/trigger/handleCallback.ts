import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { readCallback, taskOfCallback, type Callback } from '../../shared/client/callback';
import { isFinal } from '../../shared/client/task';
import { asText } from '../../shared/lib/values';
import { checkSignature } from '../../shared/transport/webhook';
import { lookAtCallback } from './confirm';
import { memoryOf, type Memory } from './memory';
import { once, rememberFinished, type Learned } from './once';
import type { Verdict } from './verdict';
import { isWanted, mayBeWanted, readWanted, type Wanted } from './filter';

interface Received {
	context: IWebhookFunctions;
	memory: Memory;
	callback: Callback;
	wanted: Wanted;
	/** By a valid signature; without a Webhook Secret nothing can be. */
	signed: boolean;
}

/**
 * What becomes of a request, which anybody may have sent. The cheap checks come first: 1. shape, 2. signature,
 * 3. what the callback states, 4. a duplicate, 5. what Kling's API says.
 * @throws NodeOperationError where the credential cannot be used
 */
export async function judge(context: IWebhookFunctions): Promise<Verdict> {
	const callback = readCallback(jsonBody(context));
	if (!callback) return { refused: 400, reason: 'the body is not a callback of Kling' };

	const isTest = context.getMode() === 'manual';
	// Whoever tries a secret out wants it to count at once.
	const signature = await checkSignature(context, !isTest);
	if ('refused' in signature) return { refused: 401, ...signature.refused };

	const memory = memoryOf(context);
	const wanted = readWanted(context);
	const received = { context, memory, callback, wanted, signed: signature.signed };
	return await (isTest ? judgeTest(received) : judgeSigned(received));
}

async function judgeSigned(received: Received): Promise<Verdict> {
	const { memory, callback, wanted, signed } = received;
	const { task_id, task_status } = callback;
	if (!mayBeWanted(callback, wanted)) {
		if (signed && isFinal({ task_status })) rememberFinished(memory, task_id);
		return { ignored: `task ${task_id} is ${task_status}, or has another External Task ID` };
	}
	const learn = async () => await learnTask(received);
	return await once(memory, callback, learn, (task) => isWanted(task, wanted));
}

async function learnTask(received: Received): Promise<Learned> {
	const { context, memory, callback, wanted, signed } = received;
	if (signed && maySkipLook(context, callback, wanted))
		return { task: taskOfCallback(context.getBodyData(), callback) };
	const key = `${callback.task_id} ${callback.task_status}`;
	const unknown = { ignored: `Kling's API does not know task ${callback.task_id}` };
	if (memory.unknown.get(key)) return unknown;
	const seen = await lookAtCallback(context, memory, callback, signed);
	if (!('unknown' in seen)) return seen;
	memory.unknown.set(key, true);
	return unknown;
}

/** The user listens for a test event: the same one may come again and again, and the console's is about no task. */
async function judgeTest({
	context,
	memory,
	callback,
	wanted,
	signed,
}: Received): Promise<Verdict> {
	const { task_id, task_status } = callback;
	const seen = await lookAtCallback(context, memory, callback, signed);
	if ('unknown' in seen) return { test: { test: true, task_id, task_status } };
	if ('refused' in seen || isWanted(seen.task, wanted)) return seen;
	return { ignored: `task ${task_id} is not one of those chosen` };
}

/** Not where the callback cannot tell what is asked: pictures come from Kling's API alone. */
function maySkipLook(
	context: IWebhookFunctions,
	{ external_task_id }: Callback,
	{ externalTaskIdPrefix, skipApiCheckWhenSigned }: Wanted,
): boolean {
	const needsPictures =
		context.getNodeParameter('downloadImages', false) === true ||
		context.getNodeParameter('output', 'task') === 'images';
	const needsExternalId = externalTaskIdPrefix !== '' && !external_task_id;
	return skipApiCheckWhenSigned && !needsPictures && !needsExternalId;
}

/** n8n reads forms and XML, too, as which Kling sends nothing. */
function jsonBody(context: IWebhookFunctions): IDataObject | undefined {
	const contentType = asText(context.getHeaderData()['content-type']).toLowerCase();
	return contentType.startsWith('application/json') ? context.getBodyData() : undefined;
}
