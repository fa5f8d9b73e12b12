import {
	NodeConnectionTypes,
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { searchTasks } from '../shared/input/searchTasks';
import { runOperation } from '../shared/run/run';
import { operations } from './operations';
import { searchElements, searchElementTasks } from './operations/searchElements';

export class KlingElement implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Element',
		name: 'klingElement',
		icon: { light: 'file:klingElement.svg', dark: 'file:klingElement.dark.svg' },
		group: ['transform'],
		version: 1,
		// n8n's rules want it in one piece; an operation without a name here shows its value.
		subtitle:
			'={{ ({ create: "Create Element", delete: "Delete Element", get: "Get Element", list: "List Elements" })[$parameter["operation"]] ?? $parameter["operation"] }}',
		description:
			"Create and manage elements: products and people that Kling's image and video models keep consistent",
		defaults: { name: 'Kling Element' },
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
				description: 'What to do with elements',
			},
			...operations.flatMap(({ entry, fields }) =>
				updateDisplayOptions({ show: { operation: [String(entry.value)] } }, fields),
			),
		],
	};

	methods = { listSearch: { searchElements, searchElementTasks, searchTasks } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, operations);
	}
}
