import { outputOf } from '../support/n8n';
import { settle } from '../support/tally';
import { start } from './nodes';
import { after, chain, finish, idsByItem, pausingItems, run } from './pausing';
import { idsOf } from './reading';
import type { Stage } from './stage';
import { activeTrigger, sendJson, TRIGGER } from './triggerStage';

const ITEMS = 2;

/**
 * While n8n's database takes nothing, no execution begins, and the callbacks to a trigger and to a paused execution
 * are refused; sent again they bring out each task once.
 * @param refuse makes the database refuse; gives what ends that
 * @param hook the trigger's address at the process that answers it
 * @returns what Execute Workflow says meanwhile
 */
export async function databaseRefuses(
	stage: Stage,
	scenario: string,
	refuse: () => Promise<() => Promise<void>>,
	hook = (url: string): string => url,
): Promise<string> {
	const { api, kling } = stage;
	const trigger = await activeTrigger(stage);
	const parked = await run(stage, ...pausingItems(stage, ITEMS), after);
	await api.waitFor(parked, ['waiting'], 30_000);
	const notBegun = await stage.put(chain('Not begun', start, ...pausingItems(stage, 1)));
	const creates = kling.count('create');
	const [first = '', last = ''] = idsByItem(kling);
	await finish(kling, first);
	const { task_id } = kling.createTask({ status: 'succeed' });
	const send = async () => await sendJson(hook(trigger.url), { task_id, task_status: 'succeed' });

	const accept = await refuse();
	const begun = await api.run(notBegun.id, 'Start').catch(String);
	const refused = await send();
	await finish(kling, last);
	const call = kling.deliveries.at(-1);
	await accept();
	console.log(
		`${scenario}: Execute Workflow reads "${begun.slice(0, 120)}", callbacks ${refused}, ${call?.status}`,
	);
	expect(begun).toMatch(/answered 500/);
	expect(kling.count('create')).toBe(creates);
	for (const status of [refused, call?.status]) expect(status).toBeGreaterThanOrEqual(500);

	expect([await send(), await send()]).toEqual([200, 200]);
	expect((await kling.sendCallback(call?.url ?? '', call?.body)).status).toBe(200);
	const executions = await trigger.executions(1);
	expect(executions).toHaveLength(1);
	const triggered = await api.getExecution(executions[0]?.id ?? '');
	expect(idsOf(outputOf(triggered, TRIGGER))).toEqual([task_id]);
	const woken = await api.waitUntilFinished(parked);
	expect(woken.status).toBe('success');
	settle(scenario, {
		wanted: ITEMS,
		charged: kling.counters.tasksCharged,
		found: idsOf(outputOf(woken, after.name)),
	});
	await trigger.close();
	return begun;
}
