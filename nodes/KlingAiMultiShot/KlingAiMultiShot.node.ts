import {
	NodeConnectionTypes,
	NodeOperationError,
	updateDisplayOptions,
	type NodeApiError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { operations, type Operation, type Work } from './operations';
import { forReader, ofItem } from '../shared/run/itemError';
import { RESUME_PATH } from '../shared/waiting/park';
import { pausedItemsField } from '../shared/waiting/pausedItems';
import { resume } from '../shared/waiting/resume';
import { tellAtStop } from '../shared/run/stop';
import { searchTasks } from '../shared/input/taskId';
import { isCancelled } from '../shared/transport/cancel';

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
		description: 'Make other views of a thing or person from one frontal picture with Kling AI',
		defaults: { name: 'Kling AI Multi-Shot' },
		usableAsTool: true,
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
			pausedItemsField,
		],
	};

	methods = { listSearch: { searchTasks } };

	/** Nothing is registered: Kling gets the resume URL of the execution with each create. */
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
		const started = Promise.resolve().then(async () => await chosenOperation(this).start(this));
		let first: NodeApiError | NodeOperationError | undefined;
		const outcomes = await Promise.all(
			this.getInputData().map(async (_item, itemIndex) => {
				try {
					const items = await (await started).onItem(itemIndex);
					return { items, itemIndex };
				} catch (error) {
					const ours = ofItem(this, error, itemIndex);
					if (!first && endsRun(this)) void started.then(({ stop }) => stop?.(ours), none);
					first ??= ours;
					return { items: [], error: ours, itemIndex };
				}
			}),
		);
		if (first && endsRun(this)) {
			const report = await started.then((work) => work.report?.(), none);
			first.description = [first.description, report].filter(Boolean).join(' ');
			if (report && isCancelled(this)) tellAtStop(this, report);
			throw forReader(this, first);
		}
		const items = outcomes.flatMap(({ items: done, error, itemIndex }): INodeExecutionData[] => {
			const pairedItem = { item: itemIndex };
			if (error) {
				const { message } = forReader(this, error);
				return [{ json: { error: message }, error, pairedItem }];
			}
			return done.map((item) => ({ ...item, pairedItem }));
		});
		const { finish } = await started.catch(() => NOTHING_STARTED);
		return [(await finish?.(items)) ?? items];
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resume(this);
	}
}

const NOTHING_STARTED: Pick<Work, 'finish'> = {};

function none(): undefined {
	return undefined;
}

/** Whether the first error of an item ends the run. */
function endsRun(context: IExecuteFunctions): boolean {
	return !context.continueOnFail() || isCancelled(context);
}

/** n8n adds "Custom API Call" to the menu by itself. */
function chosenOperation(context: IExecuteFunctions): Operation {
	const name = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ entry }) => entry.value === name);
	if (operation) return operation;
	throw new NodeOperationError(context.getNode(), `The operation "${name}" is not known`, {
		description: `Choose one of ${operations.map(({ entry }) => entry.name).join(', ')}. For other calls use the HTTP Request node with the Kling API credential.`,
	});
}
