import { timingSafeEqual } from 'node:crypto';

import { parse, stringify } from 'flatted';
import type { INode, IRunExecutionData, IWorkflowBase, WorkflowExecuteMode } from 'n8n-workflow';

import { createAdditionalData } from './additional-data';
import { EngineCredentials, type CredentialData } from './credentials';
import { execute } from './execution';
import type { EngineParts } from './panel';
import type { Run, RunInProgress } from './run';
import type { WebhookRequest, WebhookResponse } from './server';
import { callNodeWebhook, sendError, type WebhookOutcome } from './webhook-call';
import { webhooksOf } from './webhooks-of';
import { createWorkflow } from './workflow';

/** What stays the same through all pauses of an execution. */
export interface ExecutionPlan {
	executionId: string;
	workflow: IWorkflowBase;
	mode: WorkflowExecuteMode;
	credentials: CredentialData;
	nodeName: string;
}

interface Entry {
	plan: ExecutionPlan;
	status: 'running' | 'waiting' | 'finished';
	/** As n8n's database holds it: without object identity, dates as text. */
	stored: string;
	/** One for each stretch between two pauses. */
	runs: RunInProgress[];
	nextRun: PromiseWithResolvers;
}

interface PromiseWithResolvers {
	promise: Promise<void>;
	resolve: () => void;
}

/** The executions of one engine: started, paused, resumed by webhook or by timer, as n8n's WaitTracker and WaitingWebhooks do. */
export class Executions {
	private readonly entries = new Map<string, Entry>();

	constructor(private readonly parts: EngineParts) {}

	start(plan: ExecutionPlan, data: IRunExecutionData, cancelAfterMs?: number): RunInProgress {
		const entry: Entry = {
			plan,
			status: 'waiting',
			stored: '',
			runs: [],
			nextRun: withResolvers(),
		};
		this.entries.set(plan.executionId, entry);
		return this.continue(entry, data, cancelAfterMs);
	}

	/** The date has come: n8n passes the items on that stand on the execution stack. */
	resumeByTimer(executionId: string): RunInProgress {
		const entry = this.entries.get(executionId);
		if (entry?.status !== 'waiting') throw new Error(`Execution ${executionId} is not paused`);
		return this.continue(entry, parse(entry.stored) as IRunExecutionData);
	}

	/** The stretch after `run`, however it is or will be resumed. */
	async nextRun(run: Run): Promise<Run> {
		const entry = this.entries.get(run.executionId);
		if (!entry) throw new Error(`There is no execution ${run.executionId}`);
		const index = (await Promise.all(entry.runs)).findIndex(({ raw }) => raw === run.raw) + 1;
		while (!entry.runs[index]) await entry.nextRun.promise;
		return await entry.runs[index];
	}

	/** `/webhook-waiting/<executionId>/<suffix>?signature=<token>` */
	async resumeByWebhook(
		[executionId = '', ...suffix]: string[],
		request: WebhookRequest,
		response: WebhookResponse,
		body: Buffer,
	): Promise<WebhookOutcome | undefined> {
		const entry = this.entries.get(executionId);
		const data = entry && (parse(entry.stored) as IRunExecutionData);
		if (!data) return refuse(response, 404, `The execution "${executionId}" does not exist.`);
		if (!hasToken(data, request)) return refuse(response, 401, 'Invalid token');
		if (entry.status === 'running')
			return refuse(response, 409, `The execution "${executionId}" is running already.`);
		if (entry.status === 'finished')
			return refuse(response, 409, `The execution "${executionId} has finished already.`);
		return await this.callPausedNode(entry, data, suffix.join('/'), request, response, body);
	}

	private async callPausedNode(
		entry: Entry,
		data: IRunExecutionData,
		path: string,
		request: WebhookRequest,
		response: WebhookResponse,
		body: Buffer,
	): Promise<WebhookOutcome | undefined> {
		const { mode } = entry.plan;
		const [stackEntry] = data.executionData?.nodeExecutionStack ?? [];
		const nodeName = data.resultData.lastNodeExecuted ?? '';
		const workflow = createWorkflow(entry.plan.workflow, this.parts.nodeTypes);
		const node = workflow.getNode(nodeName);
		if (!stackEntry || !node)
			return refuse(response, 404, 'Could not find node to process webhook.');
		stackEntry.node.disabled = true;
		delete data.waitTill;
		data.resultData.runData[nodeName]?.pop();

		const additionalData = this.additionalData(entry.plan, node);
		const webhook = webhooksOf(workflow, node, additionalData).find(
			(one) =>
				one.httpMethod === request.method &&
				one.path === path &&
				one.webhookDescription.restartWebhook === true,
		);
		if (!webhook) return refuse(response, 404, 'No waiting webhook with a matching path/method.');
		const start = ({ threw, workflowData }: WebhookOutcome) => {
			if (entry.status !== 'waiting') return false;
			stackEntry.data = { main: workflowData ?? [] };
			stackEntry.metadata = { ...stackEntry.metadata, forwardAllOutputs: true };
			if (threw)
				data.resultData = { runData: {}, lastNodeExecuted: nodeName, error: failure(threw) };
			void this.continue(entry, data);
			return true;
		};
		const setting = { workflow, node, webhook, additionalData, mode, data, start };
		return await callNodeWebhook(setting, request, response, body);
	}

	private continue(entry: Entry, data: IRunExecutionData, cancelAfterMs?: number): RunInProgress {
		const { plan } = entry;
		entry.status = 'running';
		entry.stored = stringify(data);
		const workflow = createWorkflow(plan.workflow, this.parts.nodeTypes);
		const additionalData = this.additionalData(plan);
		const run = execute(
			{ ...plan, workflow, additionalData, data, cancelAfterMs },
			({ raw, status }) => {
				entry.stored = stringify(raw.data);
				entry.status = status === 'waiting' ? 'waiting' : 'finished';
			},
		);
		entry.runs.push(run);
		entry.nextRun.resolve();
		entry.nextRun = withResolvers();
		return run;
	}

	private additionalData(
		{ credentials, executionId, mode, workflow }: ExecutionPlan,
		node?: INode,
	) {
		return createAdditionalData({
			credentials: new EngineCredentials(this.parts.packageTypes.credentials, credentials),
			baseUrl: this.parts.baseUrl,
			mode,
			workflow,
			executionId,
			nodeParameters: node?.parameters,
		});
	}
}

function hasToken({ resumeToken }: IRunExecutionData, request: WebhookRequest): boolean {
	// n8n 1.x has no token.
	if (resumeToken === undefined) return true;
	const { signature } = request.query;
	const given = Buffer.from(typeof signature === 'string' ? signature : '');
	const expected = Buffer.from(resumeToken);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

function refuse(response: WebhookResponse, status: number, message: string): undefined {
	sendError(response, status, message);
}

function failure(error: Error) {
	return { ...error, message: error.message, stack: error.stack } as NonNullable<
		IRunExecutionData['resultData']['error']
	>;
}

function withResolvers(): PromiseWithResolvers {
	let resolve = (): void => undefined;
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
}
