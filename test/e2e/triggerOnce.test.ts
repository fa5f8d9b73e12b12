import { outputOf } from '../support/n8n';
import { openStage, type Stage } from './stage';
import { activeTrigger, sendJson, TRIGGER, type ActiveTrigger } from './triggerStage';

let stage: Stage;
let trigger: ActiveTrigger;

beforeAll(async () => {
	stage = await openStage();
});
afterAll(async () => await stage.close());
beforeEach(async () => {
	stage.kling.reset();
	trigger = await activeTrigger(stage);
});
afterEach(async () => await trigger.close());

const callback = (task_id: string) => ({ task_id, task_status: 'succeed', task_info: {} });

test('200 copies of one callback at a time: 1 execution', async () => {
	const { task_id } = stage.kling.createTask({ status: 'succeed' });
	const begin = Date.now();
	const copies = Array.from(
		{ length: 200 },
		async () => await sendJson(trigger.url, callback(task_id)),
	);
	const answers = await Promise.all(copies);
	console.log(`200 copies: ${Date.now() - begin} ms, ${stage.kling.count('get')} looks`);

	expect(new Set(answers)).toEqual(new Set([200]));
	expect((await trigger.executions(1)).map(({ status }) => status)).toEqual(['success']);
	expect(stage.kling.count('get')).toBe(1);
}, 500_000);

test('200 different callbacks at a time: 200 executions', async () => {
	const tasks = Array.from({ length: 200 }, () => stage.kling.createTask({ status: 'succeed' }));
	const begin = Date.now();
	let refused = 0;
	await Promise.all(
		tasks.map(async ({ task_id }) => {
			// As senders do that are told to come again.
			while ((await sendJson(trigger.url, callback(task_id))) === 503) refused++;
		}),
	);
	console.log(`200 callbacks: ${Date.now() - begin} ms, ${refused} were told to come again`);

	const executions = await trigger.executions(200);
	expect(executions).toHaveLength(200);
	expect(new Set(executions.map(({ status }) => status))).toEqual(new Set(['success']));
	const emitted = await Promise.all(
		executions.map(async ({ id }) => outputOf(await stage.api.getExecution(id), TRIGGER)),
	);
	expect(
		emitted
			.flat()
			.map(({ json }) => json['task_id'])
			.sort(),
	).toEqual(tasks.map(({ task_id }) => task_id).sort());
	expect(stage.kling.counters.maxParallel.get).toBeLessThanOrEqual(5);
}, 900_000);
