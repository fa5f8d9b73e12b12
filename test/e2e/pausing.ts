import { setTimeout as pause } from 'node:timers/promises';

import { seededRandom, type Kling } from '../kling';
import { ACTION_TYPE, type Execution, type Workflow, type WorkflowNode } from '../support/n8n';
import { link, node, start } from './nodes';
import type { Stage } from './stage';

const CHECK_AGAIN_MS = 100;

export const after = node('After', 'n8n-nodes-base.noOp', 1);

export const itemsNode = (items: object[]): WorkflowNode =>
	node('Items', 'n8n-nodes-base.code', 2, {
		jsCode: `return ${JSON.stringify(items.map((json) => ({ json })))};`,
	});

export const klingNode = (parameters: object): WorkflowNode =>
	node('Kling', ACTION_TYPE, 1, { ...parameters });

/** Create Task with Pause Until Callback. */
export const pausingNode = (
	{ imageUrl }: Stage,
	options: object = {},
	others: object = {},
): WorkflowNode =>
	klingNode({
		operation: 'create',
		imageUrl,
		waitMode: 'callback',
		...others,
		options,
	});

/** As many items, each with an image URL of its own, and the node that creates their tasks and pauses. */
export function pausingItems(
	stage: Stage,
	count: number,
	others: object = {},
): [WorkflowNode, WorkflowNode] {
	const items = Array.from({ length: count }, (_, number) => ({
		imageUrl: `${stage.imageUrl}?number=${number}`,
	}));
	const imageUrl = '={{ $json.imageUrl }}';
	const create = { operation: 'create', imageUrl, waitMode: 'callback', ...others };
	return [itemsNode(items), klingNode(create)];
}

/** Task ids in the order of these items. */
export function idsByItem({ requests, tasks }: Kling): string[] {
	const ids: string[] = [];
	for (const { body } of requests.filter(({ operation }) => operation === 'create')) {
		const sent = body as Record<'element_frontal_image' | 'external_task_id', string>;
		const number = Number(new URL(sent.element_frontal_image).searchParams.get('number'));
		const task = tasks.find((one) => one.external_task_id === sent.external_task_id);
		ids[number] = task?.task_id ?? '';
	}
	return ids;
}

export function shuffled(ids: string[]): string[] {
	const random = seededRandom(3);
	return ids
		.map((id) => ({ id, place: random() }))
		.sort((a, b) => a.place - b.place)
		.map(({ id }) => id);
}

export async function finish(
	kling: Kling,
	id: string,
	status: 'succeed' | 'failed' = 'succeed',
): Promise<void> {
	await kling.move(id, 'processing');
	await kling.move(id, status);
}

/** One node after the other. */
export const chain = (name: string, ...nodes: WorkflowNode[]): Workflow => ({
	name,
	nodes,
	connections: link(...nodes.map((one) => one.name)),
});

export async function run({ api, put }: Stage, ...nodes: WorkflowNode[]): Promise<string> {
	const { id } = await put(chain(nodes.map(({ name }) => name).join(', '), start, ...nodes));
	return await api.run(id, 'Start');
}

/** Requests for tasks, which is what Kling's API has to answer. */
export const apiCalls = ({ requests }: Kling): number =>
	requests.filter(({ operation }) => ['create', 'get', 'list'].includes(operation)).length;

/** Milliseconds from the callback that woke the execution to the start of the node "After". */
export function wakeMs(kling: Kling, { data }: Execution): number {
	const woken = kling.deliveries.filter(({ status }) => status === 200).at(-1);
	const next = data.resultData.runData[after.name]?.[0];
	return (next?.startTime ?? NaN) - (woken?.at ?? NaN);
}

export const median = (values: number[]): number =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

export async function becomes(
	what: string,
	condition: () => Promise<boolean>,
	timeoutMs = 30_000,
): Promise<void> {
	for (const end = Date.now() + timeoutMs; !(await condition()); await pause(CHECK_AGAIN_MS)) {
		if (Date.now() > end) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
	}
}
