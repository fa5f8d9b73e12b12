import {
	NodeConnectionTypes,
	NodeOperationError,
	updateDisplayOptions,
	type NodeApiError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { operations, type Operation } from './operations';
import { ofItem } from './operations/itemError';
import { searchTasks } from './operations/taskId';

export class KlingAiMultiShot implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling AI Multi-Shot',
		name: 'klingAiMultiShot',
		icon: { light: 'file:klingAiMultiShot.svg', dark: 'file:klingAiMultiShot.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ ({ create: "Create Task", get: "Get Task", list: "List Tasks", wait: "Wait for Task" })[$parameter["operation"]] }}',
		description: 'Make other views of a thing or person from one frontal picture with Kling AI',
		defaults: { name: 'Kling AI Multi-Shot' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'klingApi', required: true }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: operations.map(({ entry }) => entry),
				default: 'create',
			},
			...operations.flatMap(({ entry, fields }) =>
				updateDisplayOptions({ show: { operation: [String(entry.value)] } }, fields),
			),
		],
	};

	methods = { listSearch: { searchTasks } };

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
					if (!first && !this.continueOnFail()) void started.then(({ stop }) => stop?.(ours), none);
					first ??= ours;
					return { items: [], error: ours, itemIndex };
				}
			}),
		);
		if (first && !this.continueOnFail()) {
			const report = await started.then((work) => work.report?.(), none);
			first.description = [first.description, report].filter(Boolean).join(' ');
			throw first;
		}
		return [
			outcomes.flatMap(({ items, error, itemIndex }) => {
				const pairedItem = { item: itemIndex };
				if (error) return [{ json: { error: error.message }, error, pairedItem }];
				return items.map((item) => ({ ...item, pairedItem }));
			}),
		];
	}
}

function none(): undefined {
	return undefined;
}

/** n8n adds "Custom API Call" to the menu by itself. */
function chosenOperation(context: IExecuteFunctions): Operation {
	const name = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ entry }) => entry.value === name);
	if (operation) return operation;
	throw new NodeOperationError(context.getNode(), `The operation "${name}" is not known`, {
		description:
			'Choose Create Task, Get Task, List Tasks or Wait for Task. For other calls use the HTTP Request node with the Kling API credential.',
	});
}
