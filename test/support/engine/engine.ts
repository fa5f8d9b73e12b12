import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	WebhookSetupMethodNames,
} from 'n8n-workflow';

import { storeBinary, type BinaryFile } from './binary';
import { testCredential } from './credential-test';
import { startingAt } from './execution';
import { Executions } from './executions';
import { callListener, type WebhookRequestOptions } from './http-call';
import { EngineNodeTypes } from './node-types';
import type {
	EngineOptions,
	ListSearchOptions,
	NodeRunOptions,
	WorkflowRunOptions,
} from './options';
import { loadBuiltPackage, loadSource, PACKAGE_NAME, type PackageTypes } from './package-types';
import { callWebhookMethod, listSearch } from './panel';
import type { Run, RunInProgress } from './run';
import { startServer } from './server';
import { acquireServices } from './services';
import { testNodeTypes } from './test-nodes';
import { Triggers, type TriggerOptions } from './triggers';
import { addConnection, buildWorkflow } from './workflow';

export type Engine = Awaited<ReturnType<typeof startEngine>>;

const NODE_NAME = 'Node under test';
const NODE_TYPE = 'klingAiMultiShot';

export async function startEngine({
	nodeTypes: choice,
	credentials: ownCredentials = {},
	webhookUrl,
}: EngineOptions) {
	const services = await acquireServices();
	const packageTypes = await load(choice);
	const itemsOf = new Map<string, INodeExecutionData[]>();
	const nodeTypes = new EngineNodeTypes(packageTypes, testNodeTypes(itemsOf));
	const server = await startServer(async (request, response, body) => {
		const [kind = '', ...path] = request.path.slice(1).split('/');
		if (kind === 'webhook-waiting') await executions.resumeByWebhook(path, request, response, body);
		else await triggers.handle([kind, ...path].join('/'), request, response, body);
	});
	const parts = { nodeTypes, packageTypes, baseUrl: webhookUrl ?? server.url };
	const executions = new Executions(parts);
	const triggers = new Triggers(parts);
	let started = 0;

	function runWorkflow(options: WorkflowRunOptions): RunInProgress {
		const { cancelAfterMs, credentials = ownCredentials, mode = 'trigger', nodes } = options;
		started += 1;
		const executionId = options.executionId ?? String(started);
		const { data, workflow } = buildWorkflow(
			options,
			nodeTypes,
			PACKAGE_NAME,
			Object.keys(credentials),
		);
		for (const { items, name } of nodes) if (items) itemsOf.set(name, items);
		const start = startingAt(
			workflow,
			options.startAt ?? nodes[0]?.name ?? '',
			options.startData,
			options.pinData,
		);
		const nodeName = options.resultOf ?? nodes.at(-1)?.name ?? '';
		return executions.start(
			{ executionId, workflow: data, mode, credentials, nodeName },
			start,
			cancelAfterMs,
		);
	}

	function runNode(options: NodeRunOptions): RunInProgress {
		const { asTool, items, nodeSettings, parameters, type = NODE_TYPE, workflow, ...run } = options;
		const input = { name: 'Input', type: 'test.source', items: items ?? [{ json: {} }] };
		const node = {
			...nodeSettings,
			name: NODE_NAME,
			type: asTool ? `${type}Tool` : type,
			parameters,
		};
		if (!asTool) {
			return runWorkflow({
				...workflow,
				...run,
				nodes: [input, node],
				connections: [[input.name, NODE_NAME]],
			});
		}
		const agent = { name: 'Agent', type: `test.${asTool}Agent` };
		const connections = {};
		addConnection(connections, input.name, agent.name, NodeConnectionTypes.Main);
		addConnection(connections, NODE_NAME, agent.name, NodeConnectionTypes.AiTool);
		return runWorkflow({ ...workflow, ...run, nodes: [input, agent, node], connections });
	}

	return {
		/** n8n's address, as the nodes see it in resume URLs. */
		url: server.url,
		runNode,
		runWorkflow,
		/** What a paused run does when its date has come. */
		resumeByTimer: ({ executionId }: Run) => executions.resumeByTimer(executionId),
		/** The stretch after a pause, once a call of the resume URL (or the timer) has begun it. */
		nextRun: async (paused: Run) => await executions.nextRun(paused),
		/** An active trigger at a real URL, until it is closed. */
		listen: (options: TriggerOptions = {}) => triggers.listen(options, ownCredentials),
		/** One request to a trigger of its own. */
		callWebhook: async (options: TriggerOptions & WebhookRequestOptions) => {
			const listener = triggers.listen(options, ownCredentials);
			const reply = await callListener(listener, options);
			listener.close();
			return { ...reply, staticData: listener.staticData() };
		},
		webhookMethod: async (
			method: WebhookSetupMethodNames,
			{ parameters, type = 'klingAiMultiShotTrigger' }: ListSearchOptions = {},
		) => await callWebhookMethod(parts, { type, parameters, credentials: ownCredentials }, method),
		listSearch: async (
			method: string,
			filter?: string,
			paginationToken?: string,
			options: ListSearchOptions = {},
		) => {
			const { credentials = ownCredentials, parameters, type = NODE_TYPE } = options;
			return await listSearch(
				parts,
				{ type, parameters, credentials },
				method,
				filter,
				paginationToken,
			);
		},
		testCredential: async (data: ICredentialDataDecryptedObject, type = 'klingApi') =>
			await testCredential(packageTypes, server.url, type, data),
		/** An item's binary data, put into n8n's own storage (files in a temporary folder). */
		binary: async (file: BinaryFile) => await storeBinary(services.binaryData, file),
		readBinary: services.binaryData.getAsBuffer.bind(services.binaryData),
		/** All that n8n and the nodes wrote to n8n's log, at every level. */
		logs: services.logger,
		stop: () => {
			server.close();
			services.release();
		},
	};
}

async function load(choice: EngineOptions['nodeTypes']): Promise<PackageTypes> {
	if (choice === 'source') return await loadSource();
	if (choice === 'dist') return await loadBuiltPackage();
	return choice;
}
