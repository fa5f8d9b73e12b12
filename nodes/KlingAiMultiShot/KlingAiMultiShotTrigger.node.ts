import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { checkWebhookSecret } from './trigger/activation';
import { respond } from './trigger/respond';
import { triggerFields } from './trigger/fields';
import { triggerPanel } from './trigger/panel';

export class KlingAiMultiShotTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling AI Multi-Shot Trigger',
		name: 'klingAiMultiShotTrigger',
		icon: { light: 'file:klingAiMultiShot.svg', dark: 'file:klingAiMultiShot.dark.svg' },
		group: ['trigger'],
		// Not 1: for that version n8n evaluates expressions at every request, before any check.
		version: 2,
		subtitle: '={{ ($parameter["statuses"] ?? []).join(", ") }}',
		// The editor shows it for the one entry that stands for both nodes.
		description:
			'Turn one front-facing image into nine new views with Kling AI, or start when a task changes',
		eventTriggerDescription:
			"Waiting for Kling to call the Test URL. You can send the console's test callback: it is output as { test: true }.",
		activationMessage:
			'Enter the Production URL of this trigger as the Callback URL of Create Task.',
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
		triggerPanel,
		properties: triggerFields,
	};

	/** Nothing is registered at Kling: each task names its own Callback URL. */
	webhookMethods = {
		default: {
			/** Always false, so that n8n calls create(), which checks the secret. */
			async checkExists(): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await checkWebhookSecret(this);
				return true;
			},
			async delete(): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await respond(this);
	}
}
