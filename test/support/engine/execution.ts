import { WorkflowExecute } from 'n8n-core';
import { createRunExecutionData } from 'n8n-workflow';
import type {
	IExecuteData,
	INodeExecutionData,
	IPinData,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { describeRun, type Run, type RunInProgress } from './run';

type CancelableRun = Promise<IRun> & { cancel: () => void };

export interface Execution {
	workflow: Workflow;
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	executionId: string;
	data: IRunExecutionData;
	/** The node that the result tells about. */
	nodeName: string;
	cancelAfterMs?: number | undefined;
}

/** `workflowData`: output of the start node where it already ran, as with a webhook. */
export function startingAt(
	workflow: Workflow,
	nodeName: string,
	workflowData: Array<INodeExecutionData[] | null> = [[{ json: {} }]],
	pinData?: IPinData,
): IRunExecutionData {
	const node = workflow.getNode(nodeName);
	if (!node) throw new Error(`The workflow has no node "${nodeName}"`);
	const start: IExecuteData = { node, data: { main: workflowData }, source: null };
	return createRunExecutionData({
		executionData: { nodeExecutionStack: [start] },
		resultData: pinData ? { pinData } : {},
	});
}

/**
 * Runs what stands on the execution stack, with n8n's own engine, to the end or to the next pause;
 * `onEnd` is called before anybody hears of it.
 */
export function execute(execution: Execution, onEnd: (run: Run) => void): RunInProgress {
	const { additionalData, cancelAfterMs, data, executionId, mode, nodeName, workflow } = execution;
	const startedAt = performance.now();
	let cancelledAt: number | undefined;

	const running = begin(new WorkflowExecute(additionalData, mode, data), workflow);
	const cancel = () => {
		cancelledAt ??= performance.now();
		running.cancel();
	};
	const timer = cancelAfterMs === undefined ? undefined : setTimeout(cancel, cancelAfterMs);

	const result = running.then((raw) => {
		clearTimeout(timer);
		const run = describeRun(raw, nodeName, executionId, {
			startedAt,
			cancelledAt,
			endedAt: performance.now(),
		});
		onEnd(run);
		return run;
	});
	return Object.assign(result, { executionId, cancel });
}

/** A workflow that n8n refuses to start (a required parameter is missing) is a rejected run. */
function begin(engine: WorkflowExecute, workflow: Workflow): CancelableRun {
	try {
		return engine.processRunExecutionData(workflow);
	} catch (error) {
		return Object.assign(Promise.reject(error as Error), { cancel: () => undefined });
	}
}
