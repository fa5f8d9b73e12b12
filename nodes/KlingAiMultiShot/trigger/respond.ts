import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { KlingTask } from '../../shared/client/task';
import { taskOutput } from '../../shared/output/task';
import { pictureItems, readPictureOutput } from '../../shared/output/images';
import { isLocal } from '../../shared/transport/baseUrl';
import { baseUrlOf } from '../../shared/transport/credential';
import { reply, tellLog } from '../../shared/transport/webhook';
import { judge } from './handleCallback';
import { memoryOf } from './memory';
import type { Emitted, Refused, Verdict } from './verdict';

/** Never throws: n8n would answer 500 and start an execution that fails. */
export async function answer(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const verdict = await judge(context).catch((error: unknown): Refused => ({
		refused: 503,
		reason: (error as Error).message,
	}));
	tell(context, verdict);
	if ('ignored' in verdict) return {};
	if ('refused' in verdict) return reply(context, verdict.refused, MESSAGES[verdict.refused]);
	if ('test' in verdict) return { workflowData: [[{ json: verdict.test }]] };
	takeBackUnlessStarted(context, verdict);
	return await putOut(context, verdict.task);
}

/** n8n answers once it has stored the execution, and with 500 where its database refuses: the callback that Kling then sends again is no duplicate. */
function takeBackUnlessStarted(context: IWebhookFunctions, { takeBack }: Emitted): void {
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 500) takeBack?.();
	});
}

async function putOut(context: IWebhookFunctions, task: KlingTask): Promise<IWebhookResponseData> {
	const answered = context.getNodeParameter('downloadImages', false) === true;
	// Kling is not kept waiting for the pictures, so the answer cannot be n8n's.
	if (answered) context.getResponseObject().status(200).json({ message: 'Callback received' });
	return { workflowData: [await itemsOf(context, task)], noWebhookResponse: answered };
}

async function itemsOf(context: IWebhookFunctions, task: KlingTask): Promise<INodeExecutionData[]> {
	try {
		const settings = readPictureOutput(context);
		const klingIsLocal = settings.downloadImages && isLocal(await baseUrlOf(context));
		return await memoryOf(context).limitedDownload(
			async () => await pictureItems(context, task, {}, settings, klingIsLocal),
		);
	} catch (error) {
		// Kling has its 200 and does not call again: the task comes out with the URLs alone.
		tellLog(context, `no pictures of task ${task.task_id}: ${(error as Error).message}`, true);
		return [{ json: taskOutput(task) }];
	}
}

function tell(context: IWebhookFunctions, verdict: Verdict): void {
	if ('ignored' in verdict) tellLog(context, `callback ignored: ${verdict.ignored}`, false);
	if (!('refused' in verdict)) return;
	const { refused, reason, byTime = false } = verdict;
	tellLog(context, `callback answered with ${refused}: ${reason}`, refused === 503 || byTime);
}

const MESSAGES: Readonly<Record<Refused['refused'], string>> = {
	400: 'The body is not a callback of Kling',
	401: 'The signature is missing or wrong',
	503: 'The task could not be read now, send the callback again later',
};
