import {
	NodeConnectionTypes,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { getTask, isUnknownTask } from './client/multiShot';
import { readCallback } from './client/callback';
import { statusOptions } from './operations/statuses';

export class KlingAiMultiShotTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling AI Multi-Shot Trigger',
		name: 'klingAiMultiShotTrigger',
		icon: { light: 'file:klingAiMultiShot.svg', dark: 'file:klingAiMultiShot.dark.svg' },
		group: ['trigger'],
		// Not 1: for that version n8n evaluates expressions at every request, before any check.
		version: 2,
		subtitle: '={{ ($parameter["statuses"] ?? []).join(", ") }}',
		description: 'Starts the workflow when Kling reports that a task has changed',
		eventTriggerDescription: 'Waiting for Kling to call the Test URL',
		activationMessage:
			'Give the Production URL of this trigger to Create Task as its Callback URL.',
		defaults: { name: 'Kling AI Multi-Shot Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'klingApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'kling-ai-multi-shot',
			},
		],
		properties: [
			{
				displayName:
					'Paste the URL above as <b>Callback URL</b> into Create Task: the Test URL while you try things out, the Production URL once this workflow is active. Kling must be able to reach it from the internet.',
				name: 'callbackUrlNotice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Statuses',
				name: 'statuses',
				type: 'multiOptions',
				required: true,
				options: statusOptions,
				default: ['succeed', 'failed'],
				description:
					'The statuses of a task that start the workflow. Others are answered and left alone.',
			},
		],
	};

	/** Nothing is registered at Kling: each task names its own Callback URL. */
	webhookMethods = {
		default: {
			async checkExists(): Promise<boolean> {
				return true;
			},
			async create(): Promise<boolean> {
				return true;
			},
			async delete(): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const callback = readCallback(this.getBodyData());
		if (!callback) return refuse(this, 400, 'The body is not a callback of Kling');
		const statuses = this.getNodeParameter('statuses', []) as string[];
		if (!statuses.includes(callback.task_status)) return {};
		try {
			const result = await getTask(this, callback.task_id);
			if ('failure' in result)
				return isUnknownTask(result.failure) ? {} : refuse(this, 503, 'The task could not be read');
			const task = result.value;
			if (!statuses.includes(task.task_status)) return {};
			return { workflowData: [[{ json: task }]] };
		} catch (error) {
			this.logger.error(`Kling AI Multi-Shot Trigger: ${(error as Error).message}`);
			return refuse(this, 503, 'The task could not be read');
		}
	}
}

function refuse(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
