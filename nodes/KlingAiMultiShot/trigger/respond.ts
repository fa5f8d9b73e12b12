import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { openKling } from '../../shared/client/kling';
import type { KlingTask } from '../../shared/client/task';
import { imageItems, readImageSettings } from '../../shared/output/images';
import { taskOutput } from '../../shared/output/task';
import { logCallback } from '../../shared/run/logCallback';
import { reply } from '../../shared/transport/webhook';
import { handleCallback } from './handleCallback';
import { memoryOf } from './memory';
import type { Emitted, Refused, Verdict } from './verdict';

/** Answers a callback and starts an execution, or not. Never throws: n8n would answer 500 and start one that fails. */
export async function respond(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const verdict = await handleCallback(context).catch((error: unknown): Refused => ({
		refused: 503,
		reason: (error as Error).message,
	}));
	log(context, verdict);
	if ('ignored' in verdict) return {};
	if ('refused' in verdict) return reply(context, verdict.refused, MESSAGES[verdict.refused]);
	if ('test' in verdict) return { workflowData: [[{ json: verdict.test }]] };
	forgetOutputUnlessStarted(context, verdict);
	return await output(context, verdict.task);
}

/** n8n answers once it has stored the execution, and with 500 where its database refuses: the callback that Kling then sends again is no duplicate. */
function forgetOutputUnlessStarted(context: IWebhookFunctions, { forgetOutput }: Emitted): void {
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 500) forgetOutput?.();
	});
}

async function output(context: IWebhookFunctions, task: KlingTask): Promise<IWebhookResponseData> {
	const answered = context.getNodeParameter('downloadImages', false) === true;
	// Kling is not kept waiting for the images, so the answer cannot be n8n's.
	if (answered) context.getResponseObject().status(200).json({ message: 'Callback received' });
	return { workflowData: [await itemsOf(context, task)], noWebhookResponse: answered };
}

async function itemsOf(context: IWebhookFunctions, task: KlingTask): Promise<INodeExecutionData[]> {
	try {
		const images = readImageSettings(context);
		const isLocal = images.downloadImages && (await openKling(context)).isLocal;
		const fetching = { context, isLocal, signal: new AbortController().signal };
		return await memoryOf(context).limitedDownload(
			async () => await imageItems(fetching, task, {}, images),
		);
	} catch (error) {
		// Kling has its 200 and does not call again: the task is output with the URLs alone.
		logCallback(context, `no images of task ${task.task_id}: ${(error as Error).message}`, true);
		return [{ json: taskOutput(task) }];
	}
}

function log(context: IWebhookFunctions, verdict: Verdict): void {
	if ('ignored' in verdict) logCallback(context, `callback ignored: ${verdict.ignored}`, false);
	if (!('refused' in verdict)) return;
	const { refused, reason, isOutsideTolerance = false } = verdict;
	logCallback(
		context,
		`callback answered with ${refused}: ${reason}`,
		refused === 503 || isOutsideTolerance,
	);
}

const MESSAGES: Readonly<Record<Refused['refused'], string>> = {
	400: 'The body is not a callback from Kling',
	401: 'The signature is missing or wrong',
	503: 'The task could not be read now, send the callback again later',
};
