import { outputOf } from '../../support/n8n';
import { settle } from '../../support/tally';
import { after, finish, idsByItem, pausingItems, run, shuffled } from '../pausing';
import { useStage } from '../stage';
import { SECRET, withWebhookSecret } from '../triggerStage';
import { at, cluster, startsOf } from './stage';

const ITEMS = 10;
/** What a signed callback says of the images. */
const RESULT = { images: [{ index: 0, url_1: 'https://images.example/1.png' }] };

const stage = useStage();
beforeEach(() => {
	stage.kling.reset();
	stage.kling.slots = ITEMS;
});

const total = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0);

it('ten items: created on a worker, called back through the webhook processor, resumed on a worker', async () => {
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

it.each([
	['up to date', 0],
	['a second behind', 1_000],
])(
	'all callbacks at once, at main and at the webhook processor, signed, the API %s: resumed once',
	async (what, queryLagMs) => {
		const { api, kling } = stage;
		Object.assign(kling.switches, { callbackBody: 'documented', callbackCopies: 0, queryLagMs });
		const executionId = await run(
			{ ...stage, ...(await withWebhookSecret(stage, SECRET)) },
			...pausingItems(stage, ITEMS),
			after,
		);
		await api.waitFor(executionId, ['waiting'], 30_000);
		const ids = idsByItem(kling);
		const tasks = ids.map((id) => kling.task(id));
		for (const { task_id } of tasks) await kling.move(task_id, 'succeed');
		const { main, webhook } = cluster();
		const sent = await Promise.all(
			tasks.map(async ({ task_id, callback_url = '' }, index) => {
				const body = { task_id, task_status: 'succeed', task_result: RESULT };
				const url = at(index % 2 === 0 ? main : webhook, callback_url);
				return await kling.sendCallback(url, body, { secret: SECRET });
			}),
		);
		const execution = await api.waitUntilFinished(executionId);
		console.log(
			`At two processes, the API ${what}: answers ${sent.map(({ status }) => status).join(', ')}`,
		);
		expect(execution.status).toBe('success');
		expect(total(await startsOf(executionId))).toBe(2);
		const items = outputOf(execution, after.name);
		expect(items.map(({ json }) => [json['task_id'], json['completed']])).toEqual(
			ids.map((id) => [id, true]),
		);
		settle(`Callbacks at two processes, the API ${what}`, {
			wanted: ITEMS,
			charged: kling.counters.tasksCharged,
			found: items.map(({ json }) => String(json['task_id'])),
		});
	},
);
