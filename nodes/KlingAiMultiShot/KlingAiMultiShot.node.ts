import {
	NodeConnectionTypes,
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { searchTasks } from '../shared/input/searchTasks';
import { runOperation } from '../shared/run/run';
import { parkedStateFields, RESUME_PATH } from '../shared/waiting/parkedState';
import { resume } from '../shared/waiting/resume';
import { waitingNodeTooltip } from '../shared/waiting/tooltip';
import { operations } from './operations';

export class KlingAiMultiShot implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling AI Multi-Shot',
		name: 'klingAiMultiShot',
		icon: { light: 'file:klingAiMultiShot.svg', dark: 'file:klingAiMultiShot.dark.svg' },
		group: ['transform'],
		version: 1,
		// n8n's rules want it in one piece; an operation without a name here shows its value.
		subtitle:
			'={{ ({ create: "Create Task", get: "Get Task", list: "List Tasks", wait: "Wait for Task" })[$parameter["operation"]] ?? $parameter["operation"] }}',
		description:
			'Turn one front-facing image into nine new views with Kling AI (images, not video)',
		defaults: { name: 'Kling AI Multi-Shot' },
		usableAsTool: true,
		waitingNodeTooltip,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'klingApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				path: RESUME_PATH,
				restartWebhook: true,
				isFullPath: true,
				responseMode: 'onReceived',
				responseData: 'noData',
			},
		],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: operations.map(({ entry }) => entry),
				default: 'create',
				description: 'What to do. Only Create Task costs money.',
			},
			...operations.flatMap(({ entry, fields }) =>
				updateDisplayOptions({ show: { operation: [String(entry.value)] } }, fields),
			),
			...parkedStateFields,
		],
	};

	methods = { listSearch: { searchTasks } };

	/** Nothing is registered: each create gives Kling the resume URL of its execution. */
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

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, operations);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resume(this);
	}
}
