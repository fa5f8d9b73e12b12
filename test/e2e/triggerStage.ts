import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import {
	CREDENTIAL_TYPE,
	NOT_READY,
	TRIGGER_TYPE,
	withCredential,
	type ExecutionSummary,
	type StoredWorkflow,
	type Workflow,
} from '../support/n8n';
import { link, node } from './nodes';
import type { Stage } from './stage';

export const TRIGGER = 'Kling Trigger';
export const SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';

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

/** Kling Trigger → Rest. */
export const triggerWorkflow = (
	webhookId: string,
	parameters: Record<string, unknown> = {},
): Workflow => ({
	name: `Trigger ${webhookId}`,
	nodes: [
		{ ...node(TRIGGER, TRIGGER_TYPE, 2, parameters), webhookId },
		node('Rest', 'n8n-nodes-base.noOp', 1),
	],
	connections: link(TRIGGER, 'Rest'),
});

/** The same, active. */
export async function activeTrigger(
	{ api, put }: Pick<Stage, 'api' | 'put'>,
	parameters: Record<string, unknown> = {},
): Promise<ActiveTrigger> {
	const webhookId = `e2e-trigger-${Date.now()}-${++made}`;
	return await activated({ api, put }, triggerWorkflow(webhookId, parameters));
}

/** A workflow that begins with the trigger, active. */
export async function activated(
	{ api, put }: Pick<Stage, 'api' | 'put'>,
	unstored: Workflow,
): Promise<ActiveTrigger> {
	const workflow = await put(unstored);
	await api.activate(workflow);
	const webhookId = workflow.nodes[0]?.webhookId ?? '';
	return {
		workflow,
		url: `${api.session.baseUrl}/webhook/${webhookId}/kling-ai-multi-shot`,
		executions: async (count) => await executionsOf({ api }, workflow.id, count),
		close: async () => await api.deactivate(workflow.id),
	};
}

/** The stage with a credential of its own, that has a Webhook Secret. */
export async function withWebhookSecret(
	{ api, credentialData }: Stage,
	webhookSecret: string,
): Promise<Pick<Stage, 'api' | 'put'>> {
	const data = { ...credentialData, webhookSecret };
	const credential = await api.createCredential('With a secret', CREDENTIAL_TYPE, data);
	return {
		api,
		put: async (workflow) => await api.createWorkflow(withCredential(workflow, credential)),
	};
}

/** Of a workflow, once `count` are there, or late, and none runs. Newest first. */
export async function executionsOf(
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

/** n8n gives at most 100 at a time: the next page by its own mark, or in n8n 1.x by the last id. */
export async function allExecutions(
	{ api }: Pick<Stage, 'api'>,
	workflowId: string,
): Promise<ExecutionSummary[]> {
	const all: ExecutionSummary[] = [];
	for (let next: Record<string, string> = {}; ;) {
		const filter = JSON.stringify({ workflowId });
		const query = new URLSearchParams({ filter, limit: '100', ...next });
		const { results, nextCursor } = await api.session.request<{
			results: ExecutionSummary[];
			nextCursor?: string | null;
		}>('GET', `/rest/executions?${query.toString()}`);
		all.push(...results);
		if (results.length < 100) return all;
		next = api.session.major === 1 ? { lastId: results.at(-1)?.id ?? '' } : {};
		if (nextCursor) next = { cursor: nextCursor };
		if (Object.keys(next).length === 0) return all;
	}
}

export interface Post {
	method?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
}

/** n8n refuses a body that is too long by its stated length; whoever goes on writing then never hears the answer. */
const LONG = 1024 * 1024;
const REFUSED_WITHIN_MS = 1_000;
const SEND_AGAIN_MS = 1_000;

/** One request on a connection of its own. Gives the answer's HTTP status. */
export async function sendRaw(url: string, post: Post): Promise<number> {
	return (await exchange(url, post)).status;
}

async function exchange(url: string, post: Post): Promise<{ status: number; text: string }> {
	const { method = 'POST', body } = post;
	const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
	const headers = { ...post.headers, ...length };
	return await new Promise((resolve, reject) => {
		const options = { method, headers, agent: false, signal: AbortSignal.timeout(400_000) };
		const outgoing = request(url, options, (incoming) => {
			clearTimeout(writing);
			let text = '';
			incoming.setEncoding('utf8').on('data', (part: string) => (text += part));
			incoming.on('end', () => {
				resolve({ status: incoming.statusCode ?? 0, text });
				outgoing.destroy();
			});
		});
		outgoing.on('error', reject);
		outgoing.flushHeaders();
		const pauseMs = Number(headers['content-length'] ?? 0) > LONG ? REFUSED_WITHIN_MS : 0;
		const writing = setTimeout(() => outgoing.end(body), pauseMs);
	});
}

/** Sent again where n8n itself is too busy to take it, which says nothing of the trigger. */
export async function sendJson(
	url: string,
	json: unknown,
	headers: Record<string, string> = {},
): Promise<number> {
	for (const end = Date.now() + LATE_MS; ; await pause(SEND_AGAIN_MS)) {
		const { status, text } = await exchange(url, {
			headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
			body: JSON.stringify(json),
		});
		if (!text.includes(NOT_READY) || Date.now() > end) return status;
	}
}
