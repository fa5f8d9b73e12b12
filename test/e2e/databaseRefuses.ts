import { setTimeout as pause } from 'node:timers/promises';

import type { Delivery } from '../kling';
import { outputOf } from '../support/n8n';
import { settle } from '../support/tally';
import { start } from './nodes';
import { after, chain, finish, idsByItem, pausingItems, run } from './pausing';
import { idsOf } from './reading';
import type { Stage } from './stage';
import { activeTrigger, sendJson, TRIGGER } from './triggerStage';

const ITEMS = 2;
const VIEWS = 9;
/** After the last download n8n would resume the execution. */
const RESUMED_WITHIN_MS = 2_000;

/** A paused execution, all of whose tasks but one have finished. */
interface Parked {
	executionId: string;
	last: string;
}

/**
 * While n8n's database takes nothing, no execution begins, and the callbacks to a trigger and to a paused execution
 * are refused; sent again they bring out each task once. Where images are downloaded, Kling has its answer before n8n
 * resumes the execution: then that stays parked, for another callback or its deadline.
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
	const withoutFiles = await park(stage, { downloadImages: false });
	const withFiles = await park(stage, {});
	const notBegun = await stage.put(chain('Not begun', start, ...pausingItems(stage, 1)));
	const creates = kling.count('create');
	const { task_id } = kling.createTask({ status: 'succeed' });
	const send = async () => await sendJson(hook(trigger.url), { task_id, task_status: 'succeed' });

	const accept = await refuse();
	const begun = await api.run(notBegun.id, 'Start').catch(String);
	const refused = await send();
	const call = await callBack(stage, withoutFiles);
	const answered = await callBack(stage, withFiles);
	await kling.until(() => kling.count('view') === ITEMS * VIEWS, 30_000);
	await pause(RESUMED_WITHIN_MS);
	await accept();
	console.log(
		`${scenario}: Execute Workflow reads "${begun.slice(0, 120)}", callbacks ${refused}, ${call.status}, ${answered.status}`,
	);
	expect(begun).toMatch(/answered 500/);
	expect(kling.count('create')).toBe(creates);
	for (const status of [refused, call.status]) expect(status).toBeGreaterThanOrEqual(500);

	expect([await send(), await send()]).toEqual([200, 200]);
	expect(answered.status).toBe(200);
	for (const { executionId } of [withoutFiles, withFiles])
		expect((await api.getExecution(executionId)).status).toBe('waiting');
	for (const { url, body } of [call, answered])
		expect((await kling.sendCallback(url, body)).status).toBe(200);
	const executions = await trigger.executions(1);
	expect(executions).toHaveLength(1);
	const triggered = await api.getExecution(executions[0]?.id ?? '');
	expect(idsOf(outputOf(triggered, TRIGGER))).toEqual([task_id]);
	const found = [];
	for (const { executionId } of [withoutFiles, withFiles]) {
		const woken = await api.waitUntilFinished(executionId);
		expect(woken.status).toBe('success');
		found.push(...outputOf(woken, after.name));
	}
	settle(scenario, {
		wanted: 2 * ITEMS,
		charged: kling.counters.tasksCharged,
		found: idsOf(found),
	});
	await trigger.close();
	return begun;
}

async function park(stage: Stage, others: object): Promise<Parked> {
	const executionId = await run(stage, ...pausingItems(stage, ITEMS, others), after);
	await stage.api.waitFor(executionId, ['waiting'], 30_000);
	const [first = '', last = ''] = idsByItem(stage.kling);
	await finish(stage.kling, first);
	return { executionId, last };
}

/** Kling's call about the last task, with n8n's answer. */
async function callBack({ kling }: Stage, { last }: Parked): Promise<Delivery> {
	await finish(kling, last);
	const call = kling.deliveries.at(-1);
	if (!call) throw new Error('Kling has called nobody');
	return call;
}
