import type { INode, INodeExecutionData } from 'n8n-workflow';
import type { Sim } from '../sim';
import { delay } from '../time/waiting';
import { webhookContext, type Reply } from './context';
import type { Parked } from './nodeRun';

export interface Resuming {
	park(parked: Parked): void;
	/** A call of a resume URL. */
	call(executionId: string, body: object): Promise<void>;
	/** Resolves when no webhook() is under way. */
	settled(): Promise<void>;
}

/** n8n ends a pause of 65 s and more on time, shorter ones up to a minute late. */
const EXACT_FROM_MS = 65_000;

export function startResuming(sim: Sim, node: INode): Resuming {
	const all = new Map<string, Parked>();
	const underWay = new Set<Promise<void>>();

	async function atDeadline(parked: Parked): Promise<void> {
		// The date was written by the wall clock, which may have been moved since.
		const ms = Math.max(0, parked.until - Date.now());
		await delay(ms < EXACT_FROM_MS ? ms + 60_000 : ms);
		parked.resume(parked.items);
	}

	async function call(executionId: string, body: object): Promise<void> {
		const parked = all.get(executionId);
		const answer = (status: number, threw = false) =>
			void sim.record.resumes.push({ execution: executionId, status, threw });
		if (parked?.execution.status !== 'waiting') return answer(409);
		const process = sim.processes[sim.plan.callbacks.process] ?? sim.processes[0];
		if (!process) return answer(503);
		const reply: Reply = {};
		const context = webhookContext({
			sim,
			process,
			execution: parked.execution,
			node,
			body,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			parked: parked.items,
			reply,
		});
		try {
			const result = await Promise.race([process.node.webhook?.call(context), process.died]);
			if (!process.isAlive) return answer(0);
			const data: INodeExecutionData[] | undefined = result?.workflowData?.[0];
			if (data && !parked.resume(data)) return answer(500);
			answer(reply.status ?? 200);
		} catch {
			parked.resume([{ json: {} }]);
			answer(500, true);
		}
	}

	return {
		park(parked) {
			all.set(parked.execution.id, parked);
			void atDeadline(parked);
		},
		async call(executionId, body) {
			const work = call(executionId, body);
			underWay.add(work);
			await work;
			underWay.delete(work);
		},
		async settled() {
			while (underWay.size > 0) await Promise.all(underWay);
		},
	};
}
