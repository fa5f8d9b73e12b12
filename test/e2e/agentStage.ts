import {
	ACTION_TYPE,
	failureOf,
	type Execution,
	type StoredCredential,
	type WorkflowNode,
} from '../support/n8n';
import { startModel, type Model, type ToolCall, type Turn } from '../support/model';
import { node, start } from './nodes';
import { openStage, type Stage } from './stage';

/** The node, named as n8n names it. */
export const TOOL = 'Kling AI Multi-Shot';
/** So the model is told. */
export const TOOL_NAME = 'Kling_AI_Multi-Shot';

const AGENT = 'AI Agent';
const AGENT_TYPE = '@n8n/n8n-nodes-langchain.agent';
const MODEL_TYPE = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

export interface AgentStage extends Stage {
	model: Model;
	/** Has the model ask for the tool at once, and then say what it has read. */
	ask: (...calls: ToolCall[]) => void;
	/** What the model has read last of its calls, in their order. */
	read: () => Turn['results'];
	/** The same, as the tasks that it tells. */
	tasksRead: () => Array<Record<string, unknown> & { task_id?: string }>;
	/** Runs an agent that has the node as its tool. Gives the execution's id. */
	runAgent: (parameters: object, settings?: AgentSettings) => Promise<string>;
	/** The execution, which has to succeed. */
	finished: (executionId: string) => Promise<Execution>;
}

export interface AgentSettings extends Partial<Pick<WorkflowNode, 'retryOnFail'>> {
	/** The newest unless told. */
	agentVersion?: number | undefined;
	/** OpenAI's older interface. */
	completions?: boolean;
	/** Another node of the package, by its type without "Tool". */
	tool?: { name: string; type: string };
}

export const viewsOf = (Image_URL: string): ToolCall => ({
	name: TOOL_NAME,
	arguments: { Image_URL },
});

export async function openAgentStage(): Promise<AgentStage> {
	const stage = await openStage();
	const { api, put } = stage;
	const model = await startModel();
	const { baseUrl: url, apiKey } = model;
	const openAi = await api.createCredential('Local model', 'openAiApi', { url, apiKey });
	const newest = (await api.nodeTypes())
		.filter(({ name }) => name === AGENT_TYPE)
		.flatMap(({ version }) => version);
	const read = () => model.turns.at(-1)?.results ?? [];
	return {
		...stage,
		model,
		read,
		ask(...calls) {
			model.answer = ({ results }) =>
				results.length === 0 ? calls : results.map(({ output }) => output).join('\n');
		},
		tasksRead: () =>
			read().flatMap(({ output }) => JSON.parse(output) as ReturnType<AgentStage['tasksRead']>),
		async runAgent(parameters, { agentVersion = Math.max(...newest), ...settings } = {}) {
			const { name = TOOL } = settings.tool ?? {};
			const nodes = agentNodes(openAi, agentVersion, parameters, settings);
			const to = (type: string) => ({ [type]: [[{ node: AGENT, type, index: 0 }]] });
			const connections = {
				Start: to('main'),
				Model: to('ai_languageModel'),
				[name]: to('ai_tool'),
			};
			return await api.run((await put({ name: 'Agent', nodes, connections })).id, 'Start');
		},
		async finished(executionId) {
			const execution = await api.waitUntilFinished(executionId);
			expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
			return execution;
		},
		async close() {
			await model.close();
			await stage.close();
		},
	};
}

function agentNodes(
	{ id, name }: StoredCredential,
	agentVersion: number,
	parameters: object,
	{ completions = false, tool = { name: TOOL, type: ACTION_TYPE }, ...settings }: AgentSettings,
): WorkflowNode[] {
	const model = node('Model', MODEL_TYPE, 1.3, {
		model: { __rl: true, mode: 'id', value: 'local' },
		responsesApiEnabled: !completions,
		options: {},
	});
	return [
		start,
		node(AGENT, AGENT_TYPE, agentVersion, {
			promptType: 'define',
			text: 'Views of my sneaker, please.',
			options: {},
		}),
		{ ...model, credentials: { openAiApi: { id, name } } },
		{ ...node(tool.name, `${tool.type}Tool`, 1, { ...parameters }), ...settings },
	];
}
