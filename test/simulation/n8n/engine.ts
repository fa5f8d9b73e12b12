import { setMaxListeners } from 'node:events';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import type { ExecutionRecord, TryRecord } from '../record';
import { setStatus, type Sim } from '../sim';
import { delay } from '../time/waiting';
import type { ExecutionPlan, NodePlan } from '../world/plan';
import { executeContext, type Stack } from './context';
import { beginTry, describe, endTry, finalTasks, type NodeRun, type Parked } from './nodeRun';
import { inputItems } from './parameters';
import { nodeTypeOf, type SimProcess } from './process';
import { finish, isFailed, numbered, stored } from './rules';

export function nodeOf(
	plan: Pick<ExecutionPlan, 'kind'>,
	{ creates, onError, retry }: NodePlan,
): INode {
	const name = creates === 'element' ? 'klingElement' : 'klingAiMultiShot';
	const type = `n8n-nodes-kling-multi-shot.${name}`;
	return {
		id: 'node-1',
		name: 'Kling',
		type: plan.kind === 'tool' ? `${type}Tool` : type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		onError,
		retryOnFail: retry !== undefined,
		credentials: { klingApi: { id: 'credential-1', name: 'Kling' } },
	};
}

/** One execution of the workflow, from its start to its end or its pause. */
export async function runExecution(
	sim: Sim,
	plan: ExecutionPlan,
	execution: ExecutionRecord,
	process: SimProcess,
	onParked: (parked: Parked) => void,
): Promise<void> {
	const stopping = new AbortController();
	// Every request that is under way listens.
	setMaxListeners(0, stopping.signal);
	const stop = () => {
		if (execution.status !== 'running') return;
		execution.stoppedAt = sim.time.now();
		execution.stoppedSeq = sim.nextSeq();
		stopping.abort(new Error('The execution was cancelled manually'));
	};
	if (plan.stopAtMs !== undefined) void delay(plan.stopAtMs).then(stop);
	const shared = {
		sim,
		process,
		execution,
		stopping,
		node: nodeOf(plan, sim.plan.node),
		onParked,
	};
	if (plan.kind === 'tool') {
		const calls = inputItems(sim, 0).map(async (item, position) => {
			const input = [{ ...item, pairedItem: { item: 0 } }];
			return await runNode({ ...shared, input, runIndex: position, raisesRunIndex: true });
		});
		await Promise.all(calls);
	} else {
		const rounds = plan.kind === 'loop' ? 2 : 1;
		for (let runIndex = 0; runIndex < rounds && execution.status === 'running'; runIndex++) {
			const input = numbered(inputItems(sim, runIndex));
			const goesOn = await runNode({ ...shared, input, runIndex, raisesRunIndex: false });
			if (!goesOn || stopping.signal.aborted) break;
		}
	}
	if (!process.isAlive || execution.status !== 'running') return;
	execution.endedAt = sim.time.now();
	const ended = execution.error ? 'error' : 'success';
	setStatus(sim, execution, stopping.signal.aborted ? 'canceled' : ended);
}

/** @returns false where the workflow ends here */
async function runNode(run: NodeRun): Promise<boolean> {
	const { sim, execution, process, input } = run;
	const { onError, retry } = sim.plan.node;
	const stack: Stack = {
		data: { main: [input.map((item) => ({ ...item }))] },
		node: run.node,
		source: { main: [{ previousNode: 'Input' }] },
	};
	const wait: { until?: Date } = {};
	const maxTries = retry ? Math.min(5, Math.max(2, retry.maxTries)) : 1;
	let data: INodeExecutionData[][] | undefined;
	let error: Error | undefined;
	let last: TryRecord | undefined;
	for (let number = 0; number < maxTries; number++) {
		// n8n takes 0 for its default.
		if (number > 0) await delay(retry?.waitMs || 1_000);
		error = undefined;
		data = undefined;
		last = beginTry(run, stack, number);
		try {
			data = await tryOnce(run, stack, last, wait);
		} catch (thrown) {
			error = thrown as Error;
		}
		if (!process.isAlive) return false;
		endTry(run, last, data, error);
		if (!error && data && !isFailed(data)) break;
	}
	if (error || !data) {
		execution.error = describe(error);
		if (onError === 'stopWorkflow') return false;
		data = [stack.data.main[0] ?? []];
	}
	const places = last?.places ?? [];
	const { main, errors } = finish(data, input, onError);
	if (wait.until === undefined) {
		execution.outputs.push({
			runIndex: run.runIndex,
			places,
			main: stored(main),
			errors: stored(errors),
		});
		return true;
	}
	park(run, stack, wait.until, places);
	return false;
}

async function tryOnce(
	run: NodeRun,
	stack: Stack,
	try_: TryRecord,
	wait: { until?: Date },
): Promise<INodeExecutionData[][]> {
	const { sim, process, stopping } = run;
	const context = executeContext({
		...run,
		try_,
		stack,
		signal: stopping.signal,
		park(until) {
			wait.until = until;
			try_.parked = true;
		},
	});
	const data = await nodeTypeOf(process, sim.plan.node).execute?.call(context);
	return data as INodeExecutionData[][];
}

function park(run: NodeRun, stack: Stack, until: Date, places: TryRecord['places']): void {
	const { sim, execution, input, runIndex, onParked } = run;
	const items = stored(stack.data.main[0] ?? []);
	const resume = (resumed: INodeExecutionData[]): boolean => {
		if (execution.status !== 'waiting') return false;
		const data = [numbered(resumed)];
		const { main, errors } = finish(data, input, sim.plan.node.onError);
		execution.outputs.push({
			runIndex,
			places,
			main: stored(main),
			errors: stored(errors),
			finalTasks: finalTasks(sim),
		});
		execution.endedAt = sim.time.now();
		setStatus(sim, execution, 'success');
		return true;
	};
	const parked = { execution, items, input, runIndex, places, until: until.getTime(), resume };
	execution.paused = true;
	setStatus(sim, execution, 'waiting');
	onParked(parked);
}
