import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	ExecutionError,
	ExecutionStatus,
	IRun,
	ITaskData,
	INodeExecutionData,
	NodeExecutionHint,
} from 'n8n-workflow';

/** What the user reads in n8n: the fields of the NodeApiError or NodeOperationError that ended the node. */
export type NodeFailure = ExecutionError & {
	httpCode?: string | null;
	messages?: string[];
	/** The description as the editor gets it; `description` is what it shows. */
	html?: string;
};

export interface NodeRun {
	/** Output 0 of the last run; for a tool, all that its calls gave. */
	items: INodeExecutionData[];
	/** All outputs of the last run, in order. */
	outputs: INodeExecutionData[][];
	error: NodeFailure | undefined;
	hints: NodeExecutionHint[];
	/** Every time that the node ran, as n8n stores it. */
	runs: ITaskData[];
}

export interface Run extends NodeRun {
	executionId: string;
	status: ExecutionStatus;
	waitTill: Date | undefined;
	/** Names of the nodes that ran. */
	executed: string[];
	node: (name: string) => NodeRun;
	/** From the start to the end of the run. */
	durationMs: number;
	/** From the stop to the end of the run; undefined when nobody stopped it. */
	stopLatencyMs: number | undefined;
	raw: IRun;
}

export type RunInProgress = Promise<Run> & {
	executionId: string;
	/** As n8n's Stop button. */
	cancel: () => void;
};

export interface RunTimes {
	startedAt: number;
	cancelledAt: number | undefined;
	endedAt: number;
}

/** `nodeName`: the node that `run.items`, `run.error` and `run.hints` tell about. */
export function describeRun(
	raw: IRun,
	nodeName: string,
	executionId: string,
	times: RunTimes,
): Run {
	const { resultData } = raw.data;
	const node = (name: string) => describeNode(resultData.runData[name] ?? []);
	const main = node(nodeName);
	return {
		...main,
		error: main.error ?? asShown(resultData.error),
		executionId,
		status: raw.status,
		waitTill: raw.waitTill ?? undefined,
		executed: Object.keys(resultData.runData),
		node,
		durationMs: times.endedAt - times.startedAt,
		stopLatencyMs: times.cancelledAt === undefined ? undefined : times.endedAt - times.cancelledAt,
		raw,
	};
}

function describeNode(runs: ITaskData[]): NodeRun {
	const last = runs.at(-1);
	const outputs = (last?.data?.[NodeConnectionTypes.Main] ?? []).map((items) => items ?? []);
	const toolItems = runs.flatMap((run) => run.data?.[NodeConnectionTypes.AiTool]?.[0] ?? []);
	return {
		items: outputs[0] ?? toolItems,
		outputs,
		error: asShown(last?.error),
		hints: last?.hints ?? [],
		runs,
	};
}

function asShown(error: NodeFailure | undefined): NodeFailure | undefined {
	if (typeof error?.description !== 'string' || error.html !== undefined) return error;
	const { description: html } = error;
	return Object.assign(error, { html, description: html.replaceAll('<br>\n', '\n') });
}
