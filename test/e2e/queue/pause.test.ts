import { outputOf } from '../../support/n8n';
import { settle } from '../../support/tally';
import { after, finish, idsByItem, pausingItems, run, shuffled } from '../pausing';
import { openStage, type Stage } from '../stage';
import { cluster, startsOf } from './stage';

const ITEMS = 10;

let stage: Stage;
beforeAll(async () => {
	stage = await openStage();
});
afterAll(async () => await stage.close());
beforeEach(() => {
	stage.kling.reset();
	stage.kling.slots = ITEMS;
});

const total = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0);

test('ten items: created on a worker, called back through the webhook processor, resumed on a worker', async () => {
	const { api, kling } = stage;
	const executionId = await run(stage, ...pausingItems(stage, ITEMS), after);
	await api.waitFor(executionId, ['waiting'], 30_000);
	expect(total(await startsOf(executionId))).toBe(1);

	const ids = idsByItem(kling);
	for (const id of shuffled(ids)) await finish(kling, id);
	const execution = await api.waitUntilFinished(executionId);

	expect(execution.status).toBe('success');
	const callback = `${cluster().webhook.baseUrl()}/webhook-waiting/${executionId}/`;
	expect(kling.deliveries.every(({ url }) => url.startsWith(callback))).toBe(true);
	expect(new Set(kling.deliveries.map(({ status }) => status))).toEqual(new Set([200]));
	expect(total(await startsOf(executionId))).toBe(2);
	const items = outputOf(execution, after.name);
	expect(items.map(({ json }) => json['task_id'])).toEqual(ids);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_id, item) => ({ item })));
	settle('Ten items paused and resumed in queue mode', {
		wanted: ITEMS,
		charged: kling.counters.tasksCharged,
		found: items.map(({ json }) => String(json['task_id'])),
	});
});
