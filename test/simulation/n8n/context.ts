import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { ExecutionRecord, TryRecord } from '../record';
import type { Sim } from '../sim';
import { authenticatedRequest, plainRequest, type Caller } from './http';
import { CREDENTIAL, parameterValues, readParameter } from './parameters';
import { nodeTypeOf, type SimProcess } from './process';

export const RESUME_ORIGIN = 'https://n8n.example.com';

export interface Stack {
	data: { main: INodeExecutionData[][] };
	node: INode;
	source: { main: Array<{ previousNode: string }> };
}

export interface ContextOptions {
	sim: Sim;
	process: SimProcess;
	execution: ExecutionRecord;
	node: INode;
}

export interface ExecuteOptions extends ContextOptions {
	try_: TryRecord;
	stack: Stack;
	signal: AbortSignal;
	park: (until: Date) => void;
}

export interface Reply {
	status?: number;
}

/** What every context of n8n has. */
export function common({ sim, process, execution, node }: ContextOptions, caller: Caller) {
	const credential = CREDENTIAL(sim.plan.node) as ICredentialDataDecryptedObject;
	const write = (level: string) => (message: string) => {
		if (level !== 'debug') execution.log.push(`${level}: ${message}`);
	};
	return {
		getNode: () => node,
		getWorkflow: () => ({ id: 'workflow-1', name: 'Simulated', active: true }),
		getWorkflowSettings: () => ({}),
		getInstanceId: () => 'instance-1',
		getTimezone: () => 'Europe/Berlin',
		getMode: () => 'trigger' as const,
		getExecutionId: () => execution.id,
		getCredentials: async () => ({ ...credential }),
		logger: {
			debug: write('debug'),
			info: write('info'),
			warn: write('warn'),
			error: write('error'),
		},
		helpers: {
			httpRequest: async (options: IHttpRequestOptions) => await plainRequest(caller, options),
			async httpRequestWithAuthentication(
				_type: string,
				options: IHttpRequestOptions,
				added?: { credentialsDecrypted?: { data?: ICredentialDataDecryptedObject } },
			) {
				const data = added?.credentialsDecrypted?.data ?? credential;
				return await authenticatedRequest(caller, options, data);
			},
			async prepareBinaryData(data: Buffer | Readable, fileName?: string, mimeType = '') {
				if (!Buffer.isBuffer(data)) await finished(data.resume());
				return { data: 'filesystem', mimeType, ...(fileName && { fileName }) } as IBinaryData;
			},
		},
		isAlive: () => process.isAlive,
	};
}

export function executeContext(options: ExecuteOptions): IExecuteFunctions {
	const { sim, process, execution, node, try_, stack, signal, park } = options;
	const caller: Caller = { sim, process, execution: execution.id, try_, node, signal };
	const { properties } = nodeTypeOf(process, sim.plan.node).description;
	const items = () => stack.data.main[0] ?? [];
	const context = {
		...common(options, caller),
		getInputData: items,
		continueOnFail: () => sim.plan.node.onError !== 'stopWorkflow',
		getNodeParameter: (name: string, itemIndex: number, fallback?: unknown) =>
			readParameter(
				properties,
				parameterValues(sim.plan.node, try_.places[itemIndex]),
				name,
				items(),
				fallback,
			),
		getExecutionCancelSignal: () => signal,
		onExecutionCancellation: (handler: () => void) =>
			signal.addEventListener('abort', handler, { once: true }),
		getExecuteData: () => stack,
		putExecutionToWait: async (until: Date) => park(until),
		addExecutionHints: (...hints: Array<{ message: string }>) =>
			void try_.hints.push(...hints.map(({ message }) => message)),
		isToolExecution: () => false,
		getWorkflowDataProxy: (itemIndex: number) => ({
			$runIndex: try_.runIndex,
			$itemIndex: itemIndex,
			$execution: {
				id: execution.id,
				resumeUrl: resumeUrlOf(execution.id),
				customData: { set: (key: string, value: string) => setCustomData(execution, key, value) },
			},
		}),
	};
	return context as unknown as IExecuteFunctions;
}

export function resumeUrlOf(executionId: string): string {
	return `${RESUME_ORIGIN}/webhook-waiting/${executionId}?signature=token-${executionId}`;
}

/** n8n keeps ten values of 512 characters. */
function setCustomData({ customData }: ExecutionRecord, key: string, value: string): void {
	customData[key] = value.slice(0, 512);
}

export interface WebhookOptions extends ContextOptions {
	body: object;
	headers: { [name: string]: string };
	/** Undefined for a trigger. */
	parked: INodeExecutionData[];
	reply: Reply;
}

export function webhookContext(options: WebhookOptions): IWebhookFunctions {
	const { sim, process, execution, node, body, headers, parked, reply } = options;
	const caller: Caller = {
		sim,
		process,
		execution: execution.id,
		try_: undefined,
		node,
		signal: undefined,
	};
	const properties = process.node.description.properties;
	const rawBody = Buffer.from(JSON.stringify(body));
	const response = {
		status(code: number) {
			reply.status = code;
			return response;
		},
		json: () => response,
		send: () => response,
		end: () => response,
		set: () => response,
		setHeader: () => response,
	};
	const context = {
		...common(options, caller),
		getRequestObject: () => ({ body: body as unknown, rawBody, headers, method: 'POST' }),
		getResponseObject: () => response,
		getHeaderData: () => headers,
		getBodyData: () => body,
		getQueryData: () => ({}),
		getNodeParameter: (name: string, fallback?: unknown) =>
			readParameter(properties, parameterValues(sim.plan.node, undefined), name, parked, fallback),
	};
	return context as unknown as IWebhookFunctions;
}
