import { failureOf, outputOf, type Item } from '../../support/n8n';
import { WHOLE_TASK } from '../../support/parameters';
import { settle } from '../../support/tally';
import { numbered, runCreate } from '../creating';
import { start } from '../nodes';
import {
	after,
	chain,
	finish,
	idsByItem,
	itemsNode,
	klingNode,
	pausingItems,
	run,
} from '../pausing';
import { useStage, type Stage } from '../stage';
import { startAll, startsOf, workerOf } from './stage';

const ITEMS = 10;

const stage = useStage();
beforeEach(() => {
	stage.kling.reset();
	stage.kling.slots = ITEMS;
});
afterEach(async () => await startAll(), 120_000);

const idsOf = (items: Item[]): string[] => items.map(({ json }) => String(json['task_id']));

function settleWith(scenario: string, wanted: number, items: Item[]): void {
	settle(scenario, { wanted, charged: stage.kling.counters.tasksCharged, found: idsOf(items) });
}

async function finishAll(): Promise<void> {
	for (const { task_id, status } of stage.kling.tasks)
		if (status === 'submitted') await finish(stage.kling, task_id);
}

it('the worker of a parked execution killed: another one resumes it', async () => {
	const { api, kling } = stage;
	const executionId = await run(stage, ...pausingItems(stage, ITEMS), after);
	await api.waitFor(executionId, ['waiting'], 30_000);
	const before = await startsOf(executionId);
	await (await workerOf(executionId)).kill();
	const ids = idsByItem(kling);
	await finishAll();
	const execution = await api.waitUntilFinished(executionId);
	expect(execution.status).toBe('success');
	const starts = await startsOf(executionId);
	expect(starts).toEqual(before.map(() => 1));
	expect(idsOf(outputOf(execution, after.name))).toEqual(ids);
	settleWith('Worker killed while parked', ITEMS, outputOf(execution, after.name));
}, 120_000);

it('the worker killed in the middle of creates: a run with External Task ID adopts what was created', async () => {
	const { api, kling, imageUrl } = stage;
	// The tasks are made, and the answers do not come.
	const fault = { on: 'create', kind: 'slow', when: 'after', delayMs: 60_000 } as const;
	const slow = kling.fault({ ...fault, skip: 3, times: Infinity });
	const items = Array.from({ length: ITEMS }, (_, number) => ({ sku: `shoe-${number}` }));
	const options = { externalTaskId: '={{ $json.sku }}' };
	const parameters = {
		operation: 'create',
		imageUrl: imageUrl,
		waitForCompletion: false,
		options,
	};
	const nodes = [start, itemsNode(items), klingNode(parameters)];
	const { id } = await stage.put(chain('Creates', ...nodes));
	const executionId = await api.run(id, 'Start');
	await kling.until(() => kling.tasks.length === 3 + 5, 30_000);
	const begin = Date.now();
	await (await workerOf(executionId)).kill();
	const killed = await api.waitUntilFinished(executionId, 60_000);
	console.log(
		`Killed in creates: ${killed.status} after ${Date.now() - begin} ms, "${failureOf(killed)}", ${kling.tasks.length} tasks paid`,
	);
	expect(['crashed', 'error']).toContain(killed.status);
	slow.remove();

	const again = await api.waitUntilFinished(await api.run(id, 'Start'));
	expect(again.status).toBe('success');
	const made = outputOf(again, 'Kling');
	expect(made.filter(({ json }) => json['reused'] === true)).toHaveLength(3 + 5);
	settleWith('Worker killed in the middle of creates, then run again', ITEMS, made);
}, 120_000);

it('Retry On Fail tries again on the same worker, and adopts what the first try has created', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 3 });
	const options = { maxConcurrent: 1 };
	const execution = await runCreate(stage, numbered(ITEMS), { retryOnFail: true, options });
	expect(execution.status).toBe('success');
	expect((await startsOf(execution.id)).sort()).toEqual([0, 1]);
	const items = outputOf(execution, 'Kling');
	// Each was charged for its own item, if only by the first try.
	expect(items.filter(({ json }) => json['reused'] === true)).toHaveLength(0);
	expect(kling.count('create')).toBe(ITEMS + 1);
	settleWith('Retry On Fail on a worker', ITEMS, items);
});

const polling = ({ imageUrl }: Stage) =>
	klingNode({
		operation: 'create',
		imageUrl: imageUrl,
		...WHOLE_TASK,
		options: { pollInterval: 1 },
	});

it('a worker told to stop while it polls ends its execution first', async () => {
	const { api, kling } = stage;
	const executionId = await run(stage, itemsNode([{}, {}]), polling(stage), after);
	await kling.until(() => kling.count('get') >= 2, 30_000);
	const worker = await workerOf(executionId);
	const stopped = worker.stop();
	await finishAll();
	const execution = await api.waitUntilFinished(executionId);
	await stopped;
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	expect(worker.isOver()).toBe(true);
	settleWith('Worker stopped while it polls', 2, outputOf(execution, after.name));
}, 120_000);

it('a worker killed while it polls: the execution fails, List and Wait find its tasks', async () => {
	const { api, kling } = stage;
	const executionId = await run(stage, itemsNode([{}, {}, {}]), polling(stage), after);
	await kling.until(() => kling.count('list') >= 2, 30_000);
	const begin = Date.now();
	await (await workerOf(executionId)).kill();
	const killed = await api.waitUntilFinished(executionId, 60_000);
	console.log(
		`Killed while polling: ${killed.status} after ${Date.now() - begin} ms, "${failureOf(killed)}"`,
	);
	expect(['crashed', 'error']).toContain(killed.status);
	await finishAll();
	const list = { ...klingNode({ operation: 'list', returnAll: true }), name: 'List' };
	const taskId = { __rl: true, mode: 'id', value: '={{ $json.task_id }}' };
	const wait = klingNode({
		operation: 'wait',
		taskId,
		...WHOLE_TASK,
		options: { pollInterval: 1 },
	});
	const found = await api.waitUntilFinished(await run(stage, list, wait));
	expect(found.status).toBe('success');
	settleWith('Worker killed while it polls', 3, outputOf(found, 'Kling'));
}, 120_000);
