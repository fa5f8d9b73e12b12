import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isTool } from '../input/tool';
import { isObject } from '../lib/values';
import { whyUnreachable } from '../lib/address';
import { parkedItems, RESUME_PATH } from './parkedState';

/** Where users tell n8n its public address. */
const ADDRESS_SETTING = 'WEBHOOK_URL, in n8n 3 N8N_WEBHOOK_URL';

/** Why the execution cannot be parked, as the end of "…, because …", or undefined. */
export function whyNoPause(context: IExecuteFunctions): string | undefined {
	if (isTool(context)) return 'an AI agent waits for its tool to answer';
	const { engineType } = context.getWorkflowSettings();
	return engineType === 'v2' ? "n8n's new engine does not support pauses" : undefined;
}

/** Why Kling cannot wake the execution, as the end of "…, because …", or undefined. */
export function whyNoCallback(context: IExecuteFunctions, isLocal: boolean): string | undefined {
	const url = resumeUrl(context);
	if (!url) return 'n8n gives the execution no resume URL';
	// n8n 2.41 answers such callbacks with 500, and the execution stays parked.
	if (context.getWorkflowSettings().binaryMode === 'combined')
		return 'n8n does not wake workflows with the setting binaryMode: combined';
	if (url.protocol !== 'https:' && !isLocal)
		return `n8n's resume URL begins with ${url.protocol}//, and Kling needs https:// (${ADDRESS_SETTING})`;
	const reach = whyUnreachable(url, isLocal);
	const owner = reach === 'loopback' ? "n8n's own machine" : 'not a public address';
	return reach && `${url.hostname} is ${owner}, and Kling cannot reach it (${ADDRESS_SETTING})`;
}

/** What Kling calls to wake the execution; where n8n can sign it, the signature is random for each execution. */
export function resumeUrl(context: IExecuteFunctions): URL | undefined {
	const $execution: unknown = context.getWorkflowDataProxy(0).$execution;
	const text = isObject($execution) ? $execution.resumeUrl : undefined;
	if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	url.pathname = `${url.pathname.replace(/\/+$/, '')}/${RESUME_PATH}`;
	return url;
}

/**
 * Parks the execution in n8n's database. When the date comes n8n outputs the node's *input*, and webhook() sees that,
 * too, so the items take its place: they are the state of the wait.
 * @param items what the node outputs at the deadline
 * @param shown what the node shows during the pause. Without failed items: for those, n8n would retry the node, on its parked input.
 * @param until Unix milliseconds
 */
export async function park(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	shown: INodeExecutionData[],
	until: number,
): Promise<INodeExecutionData[]> {
	const { main } = context.getExecuteData().data;
	if (main) main[0] = parkedItems(items);
	await context.putExecutionToWait(new Date(until));
	return shown;
}
