import { outputOf, type Execution, type Item, type WorkflowNode } from '../support/n8n';
import { WHOLE_TASK } from '../support/parameters';
import { settle } from '../support/tally';
import { externalTaskId, skus } from './creating';
import { startOwnN8n, type OwnN8n } from './ownN8n';
import { after, itemsNode, klingNode, pausingNode, run } from './pausing';
import { expectNoSecrets, idsOf, listed, reads } from './reading';
import type { Stage } from './stage';

const OPEN = 2;

/** One kill -9 in the middle of five executions at once. */
let own: OwnN8n;
let stage: Stage;
const crashed: Record<string, Execution> = {};

beforeAll(async () => {
	own = await startOwnN8n();
	({ stage } = own);
	const { api, kling, imageUrl } = stage;
	kling.slots = 100;
	const ids: Record<string, string> = {};

	ids['downloading'] = await run(stage, itemsNode([task('succeed')]), get(true));
	const hang = { kind: 'slow', delayMs: 60_000, times: Infinity } as const;
	const faults = [kling.fault({ ...hang, on: 'view', skip: 2 })];
	ids['polling'] = await run(stage, itemsNode([task('submitted')]), waitForTask);
	ids['parked'] = await run(
		stage,
		itemsNode(skus('parked', 1)),
		pausingNode(stage, { externalTaskId }),
		after,
	);
	await api.waitFor(ids['parked'], ['waiting'], 30_000);

	// The check between creating and parking is held up.
	faults.push(kling.fault({ ...hang, on: 'get', matching: isOfParking }));
	const parking = pausingNode(stage, { externalTaskId });
	ids['parking'] = await run(stage, itemsNode(skus('parking', 1)), parking, after);
	await kling.until(() => kling.requests.some((one) => isOfParking(one) && one.fault), 30_000);

	// Two creates of five are answered; of two more the task is made, but not the answer given.
	faults.push(kling.fault({ ...hang, on: 'create', when: 'after', skip: 2 }));
	const options = { externalTaskId, maxConcurrent: OPEN };
	const creating = klingNode({ operation: 'create', imageUrl: imageUrl, options });
	ids['creating'] = await run(stage, itemsNode(skus('creating', 5)), creating);
	await kling.until(() => paid('creating').length === 2 + OPEN, 30_000);
	await kling.until(() => kling.count('view') > 2 && kling.count('get') > 1);

	await own.kill();
	for (const fault of faults) fault.remove();
	await own.restart();
	await kling.move(paid('parked')[0] ?? '', 'succeed');
	for (const [name, id] of Object.entries(ids)) crashed[name] = await api.waitUntilFinished(id);
}, 240_000);
afterAll(async () => await own.close());

function isOfParking({ path }: { path: string }): boolean {
	return paid('parking').some((id) => path.endsWith(id));
}

function task(status: 'submitted' | 'succeed'): { task_id: string } {
	const { task_id } = stage.kling.createTask({ status });
	return { task_id };
}

const get = (downloadImages: boolean) =>
	klingNode({ operation: 'get', downloadImages, output: 'task' });
const waitForTask = klingNode({
	operation: 'wait',
	...WHOLE_TASK,
	options: { pollInterval: 1 },
});

/** Tasks by the beginning of their External Task ID. */
function paid(scenario: string): string[] {
	const { tasks } = stage.kling;
	return tasks
		.filter(({ external_task_id }) => external_task_id?.startsWith(`${scenario}-`))
		.map(({ task_id }) => task_id);
}

async function again(...nodes: WorkflowNode[]): Promise<Item[]> {
	const execution = await stage.api.waitUntilFinished(await run(stage, ...nodes));
	expect(execution.status).toBe('success');
	return outputOf(execution, 'Kling');
}

const killedExecution = (name: string): Execution => {
	const execution = crashed[name];
	if (!execution) throw new Error(`No execution "${name}"`);
	return execution;
};

it.each(['creating', 'parking', 'polling', 'downloading'])('while %s: crashed', async (name) => {
	const execution = killedExecution(name);
	expect(reads(`kill -9 while ${name}`, execution)).toMatch(/^crashed: /);
	await expectNoSecrets(stage, execution);
});

it('what was paid is found by List Tasks', async () => {
	const charged = stage.kling.counters.tasksCharged;
	const list = await listed(stage);
	const found = stage.kling.tasks
		.filter((one) => one.charged && list.includes(one.task_id))
		.map(({ task_id }) => task_id);
	settle('kill -9, then List Tasks', { wanted: charged, charged, found });
});

it.each([
	['creating', 5],
	['parking', 1],
])('%s again with External Task ID adopts what was paid', async (name, count) => {
	const before = paid(name);
	const parameters = { operation: 'create', imageUrl: stage.imageUrl, waitForCompletion: false };
	const create = klingNode({ ...parameters, options: { externalTaskId } });
	const items = await again(itemsNode(skus(name, count)), create);
	settle(`kill -9 while ${name}, then run again`, {
		wanted: count,
		charged: paid(name).length,
		found: idsOf(items),
	});
	const reused = items.filter(({ json }) => json['reused'] === true);
	expect(idsOf(reused)).toEqual(expect.arrayContaining(before));
	expect(reused).toHaveLength(before.length);
});

it('the parked execution was woken by its callback', () => {
	const execution = killedExecution('parked');
	reads('kill -9 while parked', execution);
	expect(execution.status).toBe('success');
	expect(idsOf(outputOf(execution, after.name))).toEqual(paid('parked'));
});

it('polling and downloading again give everything, at no cost', async () => {
	const charged = stage.kling.counters.tasksCharged;
	const [finished, running] = stage.kling.tasks;
	await stage.kling.move(running?.task_id ?? '', 'succeed');
	const waited = await again(itemsNode([{ task_id: running?.task_id }]), waitForTask);
	expect(idsOf(waited)).toEqual([running?.task_id]);
	const got = await again(itemsNode([{ task_id: finished?.task_id }]), get(true));
	expect(Object.keys(got[0]?.binary ?? {})).toHaveLength(9);
	expect(stage.kling.counters.tasksCharged).toBe(charged);
});
