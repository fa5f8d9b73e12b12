import { WebhookContext } from 'n8n-core';
import type {
	INode,
	INodeExecutionData,
	IRunExecutionData,
	IWebhookData,
	IWebhookFunctions,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { readBody } from './request-body';
import type { WebhookRequest, WebhookResponse } from './server';

export interface WebhookOutcome {
	/** Undefined: no execution is started (or, for a paused one, resumed). */
	workflowData: INodeExecutionData[][] | undefined;
	webhookResponse: unknown;
	noWebhookResponse: boolean;
	/** What `webhook()` threw. n8n then answers 500 and starts (or resumes) an execution that fails. */
	threw: Error | undefined;
}

export interface WebhookCallSetting {
	workflow: Workflow;
	node: INode;
	webhook: IWebhookData;
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	/** Of the paused execution, if it is one. */
	data?: IRunExecutionData | undefined;
	/** False: the execution cannot be stored, or not go on as another callback has resumed it; the caller gets 500. */
	start?: (outcome: WebhookOutcome) => boolean;
}

/** As executeWebhook of n8n: reads the body, calls the node's `webhook()`, answers. Undefined: the body was refused. */
export async function callNodeWebhook(
	setting: WebhookCallSetting,
	request: WebhookRequest,
	response: WebhookResponse,
	body: Buffer,
): Promise<WebhookOutcome | undefined> {
	const { additionalData, data, mode, node, webhook, workflow } = setting;
	try {
		readBody(request, body, node.typeVersion);
	} catch (error) {
		response
			.status(422)
			.json({ code: 422, message: 'Failed to parse request body', hint: (error as Error).message });
		return undefined;
	}
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	if (!nodeType.webhook) throw new Error(`${node.type} has no webhook()`);
	const requestData = { ...additionalData, httpRequest: request, httpResponse: response };
	const context = new WebhookContext(workflow, node, requestData, mode, webhook, [], data ?? null);
	let outcome: WebhookOutcome;
	try {
		const result = await nodeType.webhook.call(context as IWebhookFunctions);
		outcome = {
			workflowData: result.workflowData,
			webhookResponse: result.webhookResponse as unknown,
			noWebhookResponse: result.noWebhookResponse ?? false,
			threw: undefined,
		};
	} catch (error) {
		outcome = {
			workflowData: [[{ json: {} }]],
			webhookResponse: undefined,
			noWebhookResponse: true,
			threw: error as Error,
		};
		response
			.status(500)
			.json({ code: 0, message: 'Workflow Webhook Error: Workflow could not be started!' });
	}
	const started = !outcome.workflowData || (setting.start?.(outcome) ?? true);
	if (!started && !response.headersSent)
		sendError(response, 500, 'There was a problem executing the workflow');
	else if (!outcome.noWebhookResponse) response.json(reply(outcome, webhook));
	return outcome;
}

function reply(
	{ webhookResponse, workflowData }: WebhookOutcome,
	{ webhookDescription }: IWebhookData,
): unknown {
	if (!workflowData) return webhookResponse ?? { message: 'Webhook call received' };
	const { responseData } = webhookDescription;
	if (responseData === 'noData') return undefined;
	return responseData ?? 'firstEntryJson';
}

export function sendError(response: WebhookResponse, status: number, message: string): void {
	response.status(status).json({ code: status, message });
}
