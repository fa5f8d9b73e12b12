import { setTimeout as pause } from 'node:timers/promises';

import { outputOf } from '../../support/n8n';
import { settle } from '../../support/tally';
import { start } from '../nodes';
import { after, chain, finish, idsByItem, pausingItems, run } from '../pausing';
import { idsOf } from '../reading';
import { openStage, type Stage } from '../stage';
import { activeTrigger, sendJson, TRIGGER } from '../triggerStage';
import { at, cluster } from './stage';

const ITEMS = 2;
/** PostgreSQL's processes read their settings anew. */
const RELOAD_MS = 1_000;

let stage: Stage;
beforeAll(async () => {
	stage = await openStage();
});
afterAll(async () => await stage.close());

test('a read-only database: nothing is paid, callbacks are not taken, and sent again lose nothing', async () => {
	const { api, kling } = stage;
	const trigger = await activeTrigger(stage);
	const parked = await run(stage, ...pausingItems(stage, ITEMS), after);
	await api.waitFor(parked, ['waiting'], 30_000);
	const other = await stage.put(chain('Not begun', start, ...pausingItems(stage, 1)));
	const creates = kling.count('create');
	const [first = '', last = ''] = idsByItem(kling);
	await finish(kling, first);
	const { task_id } = kling.createTask({ status: 'succeed' });
	const url = at(cluster().webhook, trigger.url);
	const send = async () => await sendJson(url, { task_id, task_status: 'succeed' });

	const allowWriting = await cluster().forbidWriting();
	await pause(RELOAD_MS);
	const begun = await api.run(other.id, 'Start').catch(String);
	const refused = await send();
	await finish(kling, last);
	const call = kling.deliveries.at(-1);
	await allowWriting();
	await pause(RELOAD_MS);
	console.log(
		`Read-only database: Execute Workflow reads "${begun.slice(0, 120)}", callbacks ${refused}, ${call?.status}`,
	);
	expect(begun).toMatch(/read-only transaction|answered 500/);
	expect(kling.count('create')).toBe(creates);
	for (const status of [refused, call?.status]) expect(status).toBeGreaterThanOrEqual(500);

	expect([await send(), await send()]).toEqual([200, 200]);
	expect((await kling.sendCallback(call?.url ?? '', call?.body)).status).toBe(200);
	const [execution, ...others] = await trigger.executions(1);
	expect(others).toEqual([]);
	const out = outputOf(await api.getExecution(execution?.id ?? ''), TRIGGER);
	expect(idsOf(out)).toEqual([task_id]);
	const woken = await api.waitUntilFinished(parked);
	expect(woken.status).toBe('success');
	settle('Read-only database', {
		wanted: ITEMS,
		charged: kling.counters.tasksCharged,
		found: idsOf(outputOf(woken, after.name)),
	});
	await trigger.close();
}, 120_000);
