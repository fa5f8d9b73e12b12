import { setTimeout as pause } from 'node:timers/promises';

import { failureOf, outputOf } from '../support/n8n';
import { WHOLE_TASK } from '../support/parameters';
import { settle } from '../support/tally';
import { externalTaskId, runCreate } from './creating';
import { itemsNode, klingNode, run } from './pausing';
import { expectNoSecrets, idsOf, reads } from './reading';
import { useStage } from './stage';

const GONE_MS = 60_000;
/** Longer than all tries of a request with their pauses: at most 1 + 2 + 4 + 8 s. */
const ALL_TRIES_MS = 16_000;
/** Longer than a check of a wait is given. */
const CHECK_MS = 32_000;
const HANGING = { kind: 'slow', delayMs: CHECK_MS, times: Infinity } as const;

const stage = useStage();
beforeEach(() => stage.kling.reset());

/** A wait that has checked once: gives how it ends. */
async function startWait() {
	const { api, kling } = stage;
	const { task_id } = kling.createTask();
	const wait = klingNode({ operation: 'wait', ...WHOLE_TASK, options: { pollInterval: 1 } });
	const id = await run(stage, itemsNode([{ task_id }]), wait);
	await kling.until(() => kling.count('get') > 0, 30_000);
	return async () => {
		await kling.move(task_id, 'succeed');
		const execution = await api.waitUntilFinished(id);
		expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
		expect(idsOf(outputOf(execution, 'Kling'))).toEqual([task_id]);
	};
}

it('refused connections for a minute: a wait goes on; a create ends uncharged, says so, and succeeds when run again', async () => {
	const { kling } = stage;
	const endOfWait = await startWait();
	await kling.goAway();
	const back = pause(GONE_MS).then(async () => await kling.comeBack());
	const create = async () =>
		await runCreate(stage, [{ sku: 'refused' }], { options: { externalTaskId } });
	const execution = await create().finally(async () => await back);
	const text = reads('Kling refuses connections', execution);
	expect(kling.counters.tasksCharged).toBe(0);
	await endOfWait();
	const again = await create();
	settle('Kling refuses connections for a minute', {
		wanted: 1,
		charged: kling.counters.tasksCharged,
		found: idsOf(outputOf(again, 'Kling')),
	});
	expect(again.status).toBe('success');
	expect(text).toMatch(
		/^error: Kling could not create the task: the request was not sent, because the connection was refused/,
	);
	expect(text).toMatch(
		/Check that n8n can reach the Region.*\nNothing was created or charged for this item\./,
	);
	await expectNoSecrets(stage, execution);
}, 150_000);

it('silence: a wait goes on; a create is answered late, or looked up and adopted', async () => {
	const { kling } = stage;
	const endOfWait = await startWait();
	const silent = [kling.fault({ ...HANGING, on: 'any' })];
	// Of one of two creates the connection is lost after the silence, and the task is there.
	const lost = { external_task_id: 'silent-1', on: 'create', kind: 'drop', when: 'after' } as const;
	silent.push(kling.fault(lost));
	const creates = runCreate(stage, [{ sku: 'silent-0' }, { sku: 'silent-1' }], {
		options: { externalTaskId },
	});
	await pause(CHECK_MS);
	for (const fault of silent.slice(0, 1)) fault.remove();
	const execution = await creates;
	reads('Kling is silent', execution);
	await endOfWait();
	const items = outputOf(execution, 'Kling');
	settle('Kling is silent', {
		wanted: 2,
		charged: kling.counters.tasksCharged,
		found: idsOf(items),
	});
	expect(execution.status).toBe('success');
	expect(kling.counters.tasksCharged).toBe(2);
	await expectNoSecrets(stage, execution);
}, 150_000);

it('HTML pages with 502: a wait goes on; a task that was created is named by its External ID', async () => {
	const { kling } = stage;
	const endOfWait = await startWait();
	kling.fault({ on: 'create', kind: 'html', when: 'after' });
	const pages = kling.fault({ on: 'any', kind: 'html', times: Infinity });
	const started = Date.now();
	const execution = await runCreate(stage, [{}]);
	await pause(Math.max(0, started + ALL_TRIES_MS - Date.now()));
	pages.remove();
	const text = reads('Kling answers with 502 pages', execution);
	await endOfWait();
	const made = kling.tasks.filter(({ charged }) => charged);
	const named = made.filter(({ external_task_id }) => text.includes(external_task_id ?? '?'));
	settle('Kling answers with 502 pages', {
		wanted: 1,
		charged: kling.counters.tasksCharged,
		found: named.map(({ task_id }) => task_id),
	});
	expect(text).toMatch(/^error: .*a web page[\s\S]*may have been created and charged/);

	const value = made[0]?.external_task_id;
	const get = { operation: 'get', taskId: { __rl: true, mode: 'externalId', value } };
	const found = await stage.outputOfNode(get);
	expect(idsOf(found)).toEqual([made[0]?.task_id]);
	await expectNoSecrets(stage, execution);
}, 120_000);
