import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { refusedReach } from '../lib/address';
import { throwIfCancelled } from '../transport/cancel';
import { isTool } from '../client/externalId';

/** Behind the execution's resume URL, so that a late callback wakes no other node's wait. Static: n8n compares it. */
export const RESUME_PATH = 'kling-ai-multi-shot';

/** Why the execution cannot be parked, as the end of "…, because …", or undefined. */
export function whyNoPause(context: IExecuteFunctions): string | undefined {
	if (isTool(context)) return 'an AI agent waits for the answer of its tool';
	const { engineType } = context.getWorkflowSettings();
	return engineType === 'v2' ? "n8n's new engine knows no pauses" : undefined;
}

/** Why Kling cannot wake the execution, or undefined. */
export function whyNoCallback(
	context: IExecuteFunctions,
	klingIsLocal: boolean,
): string | undefined {
	const url = resumeUrl(context);
	if (!url) return 'n8n gives no resume URL';
	if (url.protocol !== 'https:' && !klingIsLocal)
		return `n8n's resume URL begins with ${url.protocol}//, and Kling wants https:// (WEBHOOK_URL)`;
	const refused = refusedReach(url, klingIsLocal);
	return refused && `${refused} (WEBHOOK_URL)`;
}

/** What Kling calls to wake the execution; where n8n can sign it, the signature is random for each execution. */
export function resumeUrl(context: IExecuteFunctions): URL | undefined {
	const { $execution } = context.getWorkflowDataProxy(0) as { $execution?: { resumeUrl?: string } };
	const text = $execution?.resumeUrl ?? '';
	if (!URL.canParse(text)) return undefined;
	const url = new URL(text);
	url.pathname = `${url.pathname.replace(/\/+$/, '')}/${RESUME_PATH}`;
	return url;
}

/**
 * Parks the execution in n8n's database. When the date comes n8n passes on the node's *input*, and webhook()
 * sees that, too, so that these items take its place: they are the state of the wait.
 */
export async function park(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	until: number,
): Promise<INodeExecutionData[]> {
	throwIfCancelled(context);
	const { main } = context.getExecuteData().data;
	if (main) main[0] = items;
	await context.putExecutionToWait(new Date(until));
	return items;
}
