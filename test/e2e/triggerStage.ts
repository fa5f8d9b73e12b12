import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { TRIGGER_TYPE, type ExecutionSummary, type StoredWorkflow } from '../support/n8n';
import { link, node } from './nodes';
import type { Stage } from './stage';

export const TRIGGER = 'Kling Trigger';

export interface ActiveTrigger {
	workflow: StoredWorkflow;
	/** What users paste as Callback URL. */
	url: string;
	/** Of this workflow, once `count` are there, or late, and none runs. Newest first. */
	executions: (count: number) => Promise<ExecutionSummary[]>;
	close: () => Promise<void>;
}

const LATE_MS = 120_000;
let made = 0;

/** Kling Trigger → Rest, active. */
export async function activeTrigger(
	{ api, put }: Pick<Stage, 'api' | 'put'>,
	parameters: Record<string, unknown> = {},
): Promise<ActiveTrigger> {
	const webhookId = `e2e-trigger-${Date.now()}-${++made}`;
	const workflow = await put({
		name: `Trigger ${made}`,
		nodes: [
			{ ...node(TRIGGER, TRIGGER_TYPE, 2, parameters), webhookId },
			node('Rest', 'n8n-nodes-base.noOp', 1),
		],
		connections: link(TRIGGER, 'Rest'),
	});
	await api.activate(workflow);
	return {
		workflow,
		url: `${api.session.baseUrl}/webhook/${webhookId}/kling-ai-multi-shot`,
		executions: async (count) => await executionsOf({ api }, workflow.id, count),
		close: async () => await api.deactivate(workflow.id),
	};
}

async function executionsOf(
	{ api }: Pick<Stage, 'api'>,
	workflowId: string,
	count: number,
): Promise<ExecutionSummary[]> {
	const end = Date.now() + LATE_MS;
	for (;;) {
		const found = await allExecutions({ api }, workflowId);
		const over = found.every(({ status }) => !['new', 'running', 'waiting'].includes(status));
		if ((found.length >= count && over) || Date.now() > end) return found;
		await pause(200);
	}
}

/** n8n gives at most 100 at a time. */
async function allExecutions(
	{ api }: Pick<Stage, 'api'>,
	workflowId: string,
): Promise<ExecutionSummary[]> {
	const all: ExecutionSummary[] = [];
	for (;;) {
		const query = new URLSearchParams({ filter: JSON.stringify({ workflowId }), limit: '100' });
		const last = all.at(-1);
		if (last) query.set('lastId', last.id);
		const { results } = await api.session.request<{ results: ExecutionSummary[] }>(
			'GET',
			`/rest/executions?${query.toString()}`,
		);
		all.push(...results);
		if (results.length < 100) return all;
	}
}

export interface Post {
	method?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
}

/** One request on a connection of its own. Gives the answer's HTTP status. */
export async function sendRaw(
	url: string,
	{ method = 'POST', headers, body }: Post,
): Promise<number> {
	return await new Promise((resolve, reject) => {
		const options = { method, headers, agent: false, signal: AbortSignal.timeout(400_000) };
		const outgoing = request(url, options, (incoming) => {
			incoming.resume();
			incoming.on('end', () => resolve(incoming.statusCode ?? 0));
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}

export const sendJson = async (url: string, json: unknown): Promise<number> =>
	await sendRaw(url, {
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: JSON.stringify(json),
	});
