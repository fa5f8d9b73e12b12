import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	EngineRequest,
	EngineResponse,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

type Description = Partial<INodeTypeDescription>;

function describe(name: string, more: Description = {}): INodeTypeDescription {
	return {
		name,
		displayName: name,
		description: `${name}, for tests`,
		group: ['transform'],
		version: 1,
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
		...more,
	};
}

/** A tool as n8n-core hands it to an agent. */
interface Tool {
	invoke: (input: object) => Promise<unknown>;
}

/**
 * The nodes around ours in a test's workflow:
 * `test.source` gives the items that the test put under its name, `test.noOp` passes items on,
 * `test.if` sends an item to output 0 when its field (parameter `field`) is true, else to output 1,
 * `test.engineAgent` asks the engine to run its tool (n8n's agent since version 3),
 * `test.classicAgent` calls the tool itself (all other AI nodes). Both make one call per input item.
 */
export function testNodeTypes(
	itemsOf: Map<string, INodeExecutionData[]>,
): Record<string, INodeType> {
	const agent = { inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool] };
	return {
		source: {
			description: describe('source', { inputs: [], group: ['trigger'] }),
			async execute(this: IExecuteFunctions) {
				return [itemsOf.get(this.getNode().name) ?? [{ json: {} }]];
			},
		},
		noOp: {
			description: describe('noOp'),
			async execute(this: IExecuteFunctions) {
				return [this.getInputData()];
			},
		},
		if: {
			description: describe('if', {
				outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
				properties: [{ displayName: 'Field', name: 'field', type: 'string', default: '' }],
			}),
			async execute(this: IExecuteFunctions) {
				const field = this.getNodeParameter('field', 0) as string;
				const items = this.getInputData().map((item, index) => ({
					...item,
					pairedItem: { item: index },
				}));
				const isTrue = (item: INodeExecutionData) => item.json[field] === true;
				return [items.filter(isTrue), items.filter((item) => !isTrue(item))];
			},
		},
		engineAgent: { description: describe('engineAgent', agent), execute: runToolsByEngine },
		classicAgent: { description: describe('classicAgent', agent), execute: runToolsItself },
	};
}

async function runToolsByEngine(
	this: IExecuteFunctions,
	response?: EngineResponse,
): Promise<INodeExecutionData[][] | EngineRequest> {
	if (response?.actionResponses.length) {
		return [response.actionResponses.map(({ data }) => ({ json: { reply: data.data ?? null } }))];
	}
	const [tool] = this.getParentNodes(this.getNode().name, {
		connectionType: NodeConnectionTypes.AiTool,
		depth: 1,
	});
	if (!tool) throw new Error('The agent has no tool');
	return {
		metadata: {},
		actions: this.getInputData().map(({ json }, itemIndex) => ({
			actionType: 'ExecutionNodeAction',
			nodeName: tool.name,
			type: NodeConnectionTypes.AiTool,
			id: `call_${itemIndex}`,
			input: json,
			metadata: { itemIndex },
		})),
	};
}

async function runToolsItself(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const [tool] = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
	if (!tool) throw new Error('The agent has no tool');
	const replies = await Promise.all(
		this.getInputData().map(async ({ json }) => await tool.invoke(json)),
	);
	return [replies.map((reply) => ({ json: { reply: String(reply) } }))];
}
