import { setTimeout as pause } from 'node:timers/promises';

import { outputOf, type ExecutionSummary, type WorkflowNode } from '../support/n8n';
import { node } from './nodes';
import { startOwnN8n, type OwnN8n } from './ownN8n';
import {
	after,
	apiCalls,
	becomes,
	chain,
	finish,
	idsByItem,
	itemsNode,
	klingNode,
	pausingItems,
	shuffled,
	wakeMs,
} from './pausing';
import type { Stage } from './stage';

const ITEMS = 10;

/** It is killed; one execution at a time has a slot. */
let own: OwnN8n;
let stage: Stage;

beforeAll(async () => {
	own = await startOwnN8n({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
	({ stage } = own);
}, 240_000);
afterAll(async () => await own.close());
beforeEach(() => {
	stage.kling.reset();
	stage.kling.slots = ITEMS;
});

const hook = (path: string) => ({
	...node('Hook', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path, options: {} }),
	webhookId: path,
});

/** Starts the workflow as production does, where slots count. */
async function call(path: string): Promise<void> {
	const answer = await fetch(`${stage.api.session.baseUrl}/webhook/${path}`, { method: 'POST' });
	expect(answer.status).toBe(200);
}

/** Publishes a workflow that is started by its webhook. */
async function publish(path: string, ...nodes: WorkflowNode[]): Promise<string> {
	const workflow = await stage.put(chain(path, hook(path), ...nodes));
	await stage.api.activate(workflow);
	return workflow.id;
}

async function executionOf(workflowId: string): Promise<ExecutionSummary | undefined> {
	return (await stage.api.listExecutions(workflowId))[0];
}

/** Calls a workflow that is done at once, where it gets a slot. */
async function callQuick(): Promise<() => Promise<boolean>> {
	const path = `quick-${Date.now()}`;
	const workflowId = await publish(path, after);
	void call(path);
	return async () => (await executionOf(workflowId))?.status === 'success';
}

it('an execution that polls holds a slot, which is what a pause spares', async () => {
	const { kling, imageUrl } = stage;
	const parameters = { operation: 'create', imageUrl: imageUrl, options: { pollInterval: 1 } };
	const workflowId = await publish('polling', itemsNode([{}]), klingNode(parameters));
	await call('polling');
	await kling.until(() => kling.tasks.length === 1, 30_000);
	const isDone = await callQuick();
	await pause(2_000);
	expect(await isDone()).toBe(false);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	const { id = '' } = (await executionOf(workflowId)) ?? {};
	expect((await stage.api.waitUntilFinished(id)).status).toBe('success');
	await becomes('the other one has its slot', isDone);
}, 60_000);

it('ten items: callbacks twice, out of order, and lost; n8n killed and started again', async () => {
	const { api, kling } = stage;
	Object.assign(kling.switches, { callbackCopies: 2, callbackOrder: 'reversed' });
	const workflowId = await publish('ten', ...pausingItems(stage, ITEMS), after);
	await call('ten');
	await becomes('the execution is parked', async () => {
		return (await executionOf(workflowId))?.status === 'waiting';
	});
	const { id: executionId = '', waitTill } = (await executionOf(workflowId)) ?? {};
	expect(Date.parse(String(waitTill)) - Date.now()).toBeGreaterThan(800_000);
	await becomes('another execution has the slot', await callQuick());

	const ids = idsByItem(kling);
	const [lost = '', ...others] = shuffled(ids);
	const [last = '', ...later] = others.slice(4);
	for (const id of others.slice(0, 4)) await finish(kling, id);
	await own.kill();
	// Kling calls nobody.
	await finish(kling, lost);
	expect(kling.deliveries.at(-1)?.status).toBe(0);
	await own.restart();
	expect((await executionOf(workflowId))?.status).toBe('waiting');
	for (const id of later) await finish(kling, id);
	expect((await executionOf(workflowId))?.status).toBe('waiting');
	await finish(kling, last, 'failed');

	const execution = await api.waitUntilFinished(executionId);
	const woken = outputOf(execution, after.name);
	expect(woken.map(({ json }) => json['task_id'])).toEqual(ids);
	expect(woken.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_id, item) => ({ item })));
	for (const { json } of woken) {
		const task_status = json['task_id'] === last ? 'failed' : 'succeed';
		expect(json).toMatchObject({ completed: true, task_status });
	}
	expect(kling.counters.tasksCharged).toBe(ITEMS);
	console.log(
		`${ITEMS} items, ${kling.deliveries.length} callbacks: ${apiCalls(kling) / ITEMS} API calls a task ` +
			`(${kling.count('create')} creates, ${kling.count('get')} gets, ${kling.count('list')} lists); ` +
			`from the last callback to the next node ${wakeMs(kling, execution)} ms`,
	);
	expect(apiCalls(kling) / ITEMS).toBeLessThanOrEqual(2.5);
}, 180_000);
