import { NodeConnectionTypes, Workflow } from 'n8n-workflow';
import type {
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeTypes,
	IWorkflowBase,
	IWorkflowSettings,
	NodeConnectionType,
} from 'n8n-workflow';

import { latestVersion } from './package-types';

export type NodeSettings = Pick<
	Partial<INode>,
	| 'alwaysOutputData'
	| 'continueOnFail'
	| 'credentials'
	| 'disabled'
	| 'executeOnce'
	| 'maxTries'
	| 'onError'
	| 'retryOnFail'
	| 'typeVersion'
	| 'waitBetweenTries'
	| 'webhookId'
>;

export interface WorkflowNode extends NodeSettings {
	name: string;
	/** `test.source`, or a node of the package: `klingAiMultiShot`. */
	type: string;
	parameters?: INodeParameters;
	/** What a `test.source` gives. */
	items?: INodeExecutionData[];
}

export interface WorkflowPlan {
	id?: string;
	nodes: WorkflowNode[];
	/** Each line from first to last node, output 0 to input 0; or n8n's own connections object. */
	connections: string[][] | IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
}

/** Both forms of one workflow: as n8n stores it, and as the engine runs it. */
export interface BuiltWorkflow {
	data: IWorkflowBase;
	workflow: Workflow;
}

/** `packageName` is put before names that have no dot; credentials are attached to each node that can use them. */
export function buildWorkflow(
	plan: WorkflowPlan,
	nodeTypes: INodeTypes,
	packageName: string,
	credentialTypes: string[],
): BuiltWorkflow {
	const nodes = plan.nodes.map((planned, index): INode => {
		const { type, parameters = {}, ...settings } = planned;
		delete settings.items;
		const fullType = type.includes('.') ? type : `${packageName}.${type}`;
		const nodeType = nodeTypes.getByNameAndVersion(fullType);
		const usable = credentialTypes.filter((name) =>
			nodeType.description.credentials?.some((one) => one.name === name),
		);
		return {
			id: `node-${index}`,
			position: [index * 200, 0],
			typeVersion: latestVersion(nodeType),
			webhookId: `webhook-of-node-${index}`,
			credentials: Object.fromEntries(usable.map((name) => [name, { id: name, name }])),
			...settings,
			type: fullType,
			// The engine writes defaults into the parameters that it is given.
			parameters: structuredClone(parameters),
		};
	});
	const data: IWorkflowBase = {
		id: plan.id ?? 'workflow-1',
		name: 'Test workflow',
		active: true,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
		nodes,
		connections: Array.isArray(plan.connections) ? connect(plan.connections) : plan.connections,
		settings: { executionOrder: 'v1', ...plan.settings },
		...(plan.staticData ? { staticData: plan.staticData } : {}),
	};
	return { data, workflow: createWorkflow(data, nodeTypes) };
}

export function createWorkflow(data: IWorkflowBase, nodeTypes: INodeTypes): Workflow {
	return new Workflow({
		id: data.id,
		name: data.name,
		nodes: data.nodes,
		connections: data.connections,
		active: data.active,
		nodeTypes,
		...(data.settings ? { settings: data.settings } : {}),
		// The workflow watches and changes the object that it is given.
		...(data.staticData ? { staticData: structuredClone(data.staticData) } : {}),
	});
}

function connect(lines: string[][]): IConnections {
	const connections: IConnections = {};
	for (const line of lines) {
		line.slice(1).forEach((to, index) => {
			addConnection(connections, line[index] ?? '', to, NodeConnectionTypes.Main);
		});
	}
	return connections;
}

export function addConnection(
	connections: IConnections,
	from: string,
	to: string,
	type: NodeConnectionType,
): void {
	const outputs = ((connections[from] ??= {})[type] ??= []);
	(outputs[0] ??= []).push({ node: to, type, index: 0 });
}
