import type { IExecuteFunctions, INodeType } from 'n8n-workflow';
import { startEngine, type Engine, type Run } from '../../support/engine';
import type { ExecutionRecord } from '../record';
import type { RunExecution } from '../runWorld';
import type { LoadPackage } from '../shipped';
import { setStatus, type Sim } from '../sim';
import { delay } from '../time/waiting';
import { nodeOf } from '../n8n/engine';
import { common, type ContextOptions } from '../n8n/context';
import type { Caller } from '../n8n/http';
import { beginTry, describe, endTry, type NodeRun } from '../n8n/nodeRun';
import { CREDENTIAL, inputItems, parameterValues } from '../n8n/parameters';
import { nodeTypeOf, type SimProcess } from '../n8n/process';
import { stored } from '../n8n/rules';

interface Running {
	sim: Sim;
	process: SimProcess;
	execution: ExecutionRecord;
	/** Aborted as soon as n8n aborts its own. */
	signal: AbortSignal;
}

export interface RealEngine {
	runExecution: RunExecution;
	stop: () => void;
}

/**
 * n8n-core's own engine in virtual time: retries, Stop, expressions, pairing and the outputs are n8n's. Only its HTTP helpers
 * lead to the simulated network.
 * @param load with display options, which the engine reads
 */
export async function startRealEngine(load: LoadPackage): Promise<RealEngine> {
	const running = new Map<string, Running>();
	const { node, element, credential } = load(async () => undefined);
	const engine = await startEngine({
		nodeTypes: {
			nodes: {
				klingAiMultiShot: delegating(node, running),
				klingElement: delegating(element, running),
			},
			credentials: { klingApi: credential },
		},
	});
	return {
		async runExecution(sim, plan, execution, process) {
			const stopping = new AbortController();
			running.set(execution.id, { sim, process, execution, signal: stopping.signal });
			const run = begin(engine, sim, execution);
			if (plan.stopAtMs !== undefined)
				void delay(plan.stopAtMs).then(() => {
					if (execution.status !== 'running') return;
					execution.stoppedAt = sim.time.now();
					execution.stoppedSeq = sim.nextSeq();
					run.cancel();
				});
			note(sim, execution, await run);
			running.delete(execution.id);
		},
		stop: () => engine.stop(),
	};
}

/** A node type whose work is done by the package that the execution's process has loaded. */
function delegating(type: INodeType, running: ReadonlyMap<string, Running>): INodeType {
	const copy = Object.create(type) as INodeType;
	copy.execute = async function (this: IExecuteFunctions) {
		const one = running.get(this.getExecutionId());
		if (!one) throw new Error(`No execution ${this.getExecutionId()}`);
		const { sim, process, execution } = one;
		const nodeRun = { sim, process, execution, runIndex: 0, raisesRunIndex: false } as NodeRun;
		const stack = { data: { main: [this.getInputData()] } } as Parameters<typeof beginTry>[1];
		const try_ = beginTry(nodeRun, stack, execution.tries.length);
		const signal = this.getExecutionCancelSignal();
		const node = nodeOf({ kind: 'workflow' }, sim.plan.node);
		const options: ContextOptions = { sim, process, execution, node };
		const caller: Caller = { sim, process, execution: execution.id, try_, node, signal };
		const simulated = common(options, caller).helpers;
		const context = withHelpers(this, simulated);
		try {
			const data = (await nodeTypeOf(process, sim.plan.node).execute?.call(context)) ?? null;
			endTry(nodeRun, try_, Array.isArray(data) ? data : undefined, undefined);
			return data;
		} catch (error) {
			endTry(nodeRun, try_, undefined, error as Error);
			throw error;
		}
	};
	return copy;
}

function withHelpers(context: IExecuteFunctions, simulated: object): IExecuteFunctions {
	const helpers: unknown = { ...context.helpers, ...simulated };
	return new Proxy(context, {
		get(target, name) {
			if (name === 'helpers') return helpers;
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
}

function begin(engine: Engine, sim: Sim, execution: ExecutionRecord) {
	const { node } = sim.plan;
	const { retry, onError, creates } = node;
	const { options, ...parameters } = parameterValues(node, undefined);
	return engine.runNode({
		executionId: execution.id,
		type: creates === 'element' ? 'klingElement' : 'klingAiMultiShot',
		credentials: { klingApi: CREDENTIAL(node) as never },
		items: inputItems(sim, 0),
		nodeSettings: {
			onError,
			retryOnFail: retry !== undefined,
			...(retry && { maxTries: retry.maxTries, waitBetweenTries: retry.waitMs }),
		},
		parameters: {
			...parameters,
			imageUrl: '={{ $json.image }}',
			...(node.from === 'views' && {
				taskId: { __rl: true, mode: 'id', value: '={{ $json.source }}' },
			}),
			options: { ...(options as object), externalTaskId: '={{ $json.ownId }}' },
		},
	});
}

function note(sim: Sim, execution: ExecutionRecord, run: Run): void {
	const [main = [], errors = []] = run.outputs;
	const places = execution.tries.at(-1)?.places ?? [];
	if (run.error) execution.error = describe(run.error);
	else execution.outputs.push({ runIndex: 0, places, main: stored(main), errors: stored(errors) });
	execution.endedAt = sim.time.now();
	const ended = run.error ? 'error' : 'success';
	setStatus(sim, execution, execution.stoppedAt === undefined ? ended : 'canceled');
}
