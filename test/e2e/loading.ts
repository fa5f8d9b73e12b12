import { setTimeout as pause } from 'node:timers/promises';

import type { Kling } from '../kling';
import type { StoredWorkflow } from '../support/n8n';
import { link, node } from './nodes';
import { after } from './pausing';
import type { Stage } from './stage';
import { sendJson } from './triggerStage';

export interface Answers {
	/** HTTP statuses; 0 where none came. */
	statuses: number[];
	/** Shortest first. */
	ms: number[];
	/** From the first request to the last answer. */
	lastedMs: number;
}

/** Sends one body after the other at an even pace, whether those before were answered or not. */
export async function sendEvenly(url: string, bodies: object[], perSecond: number) {
	const begin = Date.now();
	const answers: Answers = { statuses: [], ms: [], lastedMs: 0 };
	const send = async (body: object): Promise<void> => {
		const sent = Date.now();
		answers.statuses.push(await sendJson(url, body).catch(() => 0));
		answers.ms.push(Date.now() - sent);
	};
	const sending = bodies.map(async (body, position) => {
		await pause((position * 1000) / perSecond);
		await send(body);
	});
	await Promise.all(sending);
	answers.ms.sort((one, other) => one - other);
	answers.lastedMs = Date.now() - begin;
	return answers;
}

const SIDE_BY_SIDE = 20;

/** Works on all, some at a time. Results are in the order of the things. */
export async function sideBySide<Thing, Result>(
	things: Thing[],
	work: (thing: Thing) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = [...things.entries()];
	const worker = async (): Promise<void> => {
		for (let next = left.shift(); next !== undefined; next = left.shift())
			results[next[0]] = await work(next[1]);
	};
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
	return results;
}

export const percentile = (sorted: number[], share: number): number =>
	sorted[Math.ceil(sorted.length * share) - 1] ?? NaN;

/** Of tasks that have just succeeded, as Kling was seen to send them. */
export function callbacksOf(kling: Kling, count: number): Array<{ task_id: string }> {
	return Array.from({ length: count }, () => {
		const { task_id, created_at, updated_at } = kling.createTask({
			status: 'succeed',
			charged: true,
		});
		return {
			task_id,
			task_status: 'succeed',
			task_status_msg: '',
			task_info: {},
			task_result: { images: [], videos: [], audios: [] },
			created_at,
			updated_at,
		};
	});
}

export interface Hook {
	workflow: StoredWorkflow;
	url: string;
}

/** An active workflow that n8n's own Webhook node starts. Its Rest follows when the caller has its answer. */
export async function activeWebhook(
	{ api, put }: Pick<Stage, 'api' | 'put'>,
	path: string,
	...rest: Array<ReturnType<typeof node>>
): Promise<Hook> {
	const hook = {
		...node('Hook', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path, options: {} }),
		webhookId: path,
	};
	const nodes = [hook, ...rest, after];
	const workflow = await put({
		name: path,
		nodes,
		connections: link(...nodes.map(({ name }) => name)),
	});
	await api.activate(workflow);
	return { workflow, url: `${api.session.baseUrl}/webhook/${path}` };
}
