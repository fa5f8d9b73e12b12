import { setTimeout as pause } from 'node:timers/promises';

import { outputOf, type Execution } from '../../support/n8n';
import { settle } from '../../support/tally';
import { after, becomes, finish, idsByItem, pausingItems, run } from '../pausing';
import { useStage } from '../stage';
import { activeTrigger, sendJson } from '../triggerStage';
import { at, cluster, startAll } from './stage';

const ITEMS = 3;

const stage = useStage();
beforeEach(() => stage.kling.reset());
afterEach(async () => await startAll(), 120_000);

async function parked(): Promise<{ executionId: string; ids: string[] }> {
	const executionId = await run(stage, ...pausingItems(stage, ITEMS), after);
	await stage.api.waitFor(executionId, ['waiting'], 30_000);
	return { executionId, ids: idsByItem(stage.kling) };
}

function settleWith(scenario: string, execution: Execution): void {
	expect(execution.status).toBe('success');
	const items = outputOf(execution, after.name);
	expect(items.map(({ json }) => json['completed'])).toEqual(items.map(() => true));
	settle(scenario, {
		wanted: ITEMS,
		charged: stage.kling.counters.tasksCharged,
		found: items.map(({ json }) => String(json['task_id'])),
	});
}

it('the webhook processor killed and started again: the next callback wakes what is parked', async () => {
	const { api, kling } = stage;
	const { executionId, ids } = await parked();
	const [first = '', lost = '', last = ''] = ids;
	await finish(kling, first);
	await cluster().webhook.kill();
	await finish(kling, lost);
	expect(kling.deliveries.at(-1)?.status).toBe(0);
	await cluster().webhook.start();
	await finish(kling, last);
	const execution = await api.waitUntilFinished(executionId);
	settleWith('Webhook processor killed while parked', execution);
}, 120_000);

it('the trigger of a webhook processor that was started again puts a task out again', async () => {
	const trigger = await activeTrigger(stage);
	const { webhook } = cluster();
	const { task_id } = stage.kling.createTask({ status: 'succeed' });
	const send = async () =>
		await sendJson(at(webhook, trigger.url), { task_id, task_status: 'succeed' });
	expect([await send(), await send()]).toEqual([200, 200]);
	expect(await trigger.executions(1)).toHaveLength(1);
	await webhook.kill();
	await webhook.start();
	expect(await send()).toBe(200);
	expect(await trigger.executions(2)).toHaveLength(2);
	await trigger.close();
}, 120_000);

it('Redis gone for two seconds: what n8n has not answered meanwhile, sent again, wakes the execution', async () => {
	const { api, kling } = stage;
	const { executionId, ids } = await parked();
	const [first = '', ...others] = ids;
	await finish(kling, first);
	const before = kling.deliveries.length;
	const startRedis = await cluster().stopRedis();
	const moves = others.map(async (id) => await kling.move(id, 'succeed'));
	await becomes('Kling has called', async () => kling.deliveries.length === before + others.length);
	await pause(2_000);
	await startRedis();
	await Promise.all(moves);
	const calls = kling.deliveries.slice(before);
	console.log(`Callbacks while Redis is gone: ${calls.map(({ status }) => status).join(', ')}`);
	// Of callbacks at one moment one wakes it, and n8n answers the others 500: those need not come again.
	for (const { url, body } of calls.filter(({ status }) => status !== 200)) {
		if ((await api.getExecution(executionId)).status !== 'waiting') break;
		expect((await kling.sendCallback(url, body)).status).toBe(200);
	}
	settleWith('Redis gone while parked', await api.waitUntilFinished(executionId));
}, 120_000);
