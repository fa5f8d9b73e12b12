import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { INodeExecutionData } from 'n8n-workflow';
import { makeImage } from '../kling';
import type { Run } from '../support/engine';
import { useFastTime } from '../support/fastTime';
import { useStage } from '../support/stage';

/** Images are downloaded by the callback that wakes the execution. */

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

const NOTHING: INodeExecutionData = { json: {} };
const VIEWS = [1, 2, 3].flatMap((set) => [1, 2, 3].map((view) => `${set}_${view}`));

async function pause(count = 1): Promise<Run> {
	const paused = await stage.engine.runNode({
		items: Array.from({ length: count }, (_, item) => ({ json: { item } })),
		// Download Images is on unless the user turns it off.
		parameters: { operation: 'create', imageSource: 'base64', imageBase64, waitMode: 'callback' },
	});
	expect(paused.status).toBe('waiting');
	expect(paused.items.every(({ binary }) => binary === undefined)).toBe(true);
	return paused;
}

const finish = async () =>
	await Promise.all(
		stage.kling.tasks
			.filter(({ status }) => status !== 'succeed')
			.map(async ({ task_id }) => await stage.kling.move(task_id, 'succeed')),
	);

describe('in time', () => {
	it('the item that goes on has nine files, and Kling asked for no key', async () => {
		const { engine, kling } = stage;
		const paused = await pause(2);
		await finish();
		const run = await engine.nextRun(paused);
		const ids = paused.items.map(({ json }) => json.task_id);
		expect(run.items.map(({ json }) => json.task_id)).toEqual(ids);
		for (const [item, { binary, json, pairedItem }] of run.items.entries()) {
			expect(json).toMatchObject({ task_status: 'succeed', completed: true });
			expect(json.image_urls).toHaveLength(9);
			expect(json).not.toHaveProperty('download_errors');
			expect(pairedItem).toEqual({ item });
			expect(Object.keys(binary ?? {}).sort()).toEqual(VIEWS.map((view) => `image_${view}`));
			expect(binary?.image_1_1?.fileName).toBe(`${String(ids[item])}_1_1.png`);
			const bytes = await engine.readBinary(binary?.image_3_3 as never);
			expect(bytes.subarray(1, 4).toString()).toBe('PNG');
		}
		expect(kling.count('view')).toBe(18);
		expect(kling.counters.authorizedViews).toBe(0);
	});

	it('a reused task that had finished before the pause has its files, too', async () => {
		const { engine, kling } = stage;
		const external_task_id = 'finished-before-the-pause';
		const { task_id } = kling.createTask({ status: 'succeed', external_task_id });
		const paused = await engine.runNode({
			items: [{ json: { id: external_task_id } }, { json: { id: 'new-beside-it' } }],
			parameters: {
				operation: 'create',
				imageSource: 'base64',
				imageBase64,
				waitMode: 'callback',
				options: { externalTaskId: '={{ $json.id }}' },
			},
		});
		expect(paused.status).toBe('waiting');
		await finish();
		const run = await engine.nextRun(paused);
		expect(run.items.map(({ json }) => json.reused)).toEqual([true, undefined]);
		expect(run.items[0]?.json).toMatchObject({ task_id, completed: true });
		for (const { binary } of run.items) expect(Object.keys(binary ?? {})).toHaveLength(9);
	});

	it('Kling has its answer before an image has come, and a second callback wakes nothing', async () => {
		const { engine, kling } = stage;
		const slow = kling.fault({ on: 'view', kind: 'slow', delayMs: 800, times: Infinity });
		const paused = await pause();
		const [task] = kling.tasks;
		const first = kling.move(task?.task_id ?? '', 'succeed');
		await kling.until(() => kling.count('view') >= 1);
		await first;
		expect(kling.deliveries).toMatchObject([
			{ status: 200, answer: '{"message":"Callback received"}' },
		]);
		expect(kling.requests.some(({ operation, ms }) => operation === 'view' && ms >= 0)).toBe(false);
		const body = { task_id: task?.task_id, task_status: 'succeed', task_info: {} };
		const again = await axios.post(task?.callback_url ?? '', body, { validateStatus: () => true });
		expect(again.status).toBe(200);

		const run = await engine.nextRun(paused);
		slow.remove();
		expect(Object.keys(run.items[0]?.binary ?? {})).toHaveLength(9);
		expect(kling.count('view')).toBe(9);
		const startedAgain = engine.nextRun(run).then(() => true);
		expect(await Promise.race([startedAgain, sleep(300).then(() => false)])).toBe(false);
		expect(kling.counters.tasksCharged).toBe(1);
	});

	it('an image that is gone keeps its URL and says why', async () => {
		const { engine, kling } = stage;
		kling.fault({ on: 'view', kind: 'error', status: 404 });
		const paused = await pause();
		await finish();
		const { binary, json } = (await engine.nextRun(paused)).items[0] ?? NOTHING;
		expect(Object.keys(binary ?? {})).toHaveLength(8);
		expect(json.download_errors).toEqual([
			{
				set: expect.any(Number) as unknown,
				view: expect.any(Number) as unknown,
				reason: expect.stringContaining('404') as unknown,
			},
		]);
	});

	it('the deadline wins over downloads under way, as it does where their process has died', async () => {
		const { engine, kling } = stage;
		const slow = kling.fault({ on: 'view', kind: 'slow', delayMs: 800, times: Infinity });
		const paused = await pause();
		const [task_id] = paused.items.map(({ json }) => json.task_id);
		await finish();
		await kling.until(() => kling.count('view') >= 1);
		const run = await engine.resumeByTimer(paused);
		slow.remove();
		expect(run.status).toBe('success');
		expect(run.items[0]?.json).toMatchObject({ task_id, completed: false });
		// What is downloaded later resumes nothing.
		await kling.until(() => kling.requests.every(({ ms }) => ms >= 0));
		const startedAgain = engine.nextRun(run).then(() => true);
		expect(await Promise.race([startedAgain, sleep(300).then(() => false)])).toBe(false);
		expect(kling.counters.tasksCharged).toBe(1);
	});

	it('at the deadline the item goes on without files', async () => {
		const { engine, kling } = stage;
		const run = await engine.resumeByTimer(await pause());
		expect(run.items[0]?.json).toMatchObject({ completed: false });
		expect(run.items[0]?.binary).toBeUndefined();
		expect(kling.count('view')).toBe(0);
	});
});

describe('out of time', () => {
	useFastTime(20);

	it('downloads that hang end after a minute, and the item goes on with its URLs', async () => {
		const { engine, kling } = stage;
		kling.fault({ on: 'view', kind: 'slow', delayMs: 3_600_000, times: Infinity });
		const paused = await pause();
		const startedAt = performance.now();
		await finish();
		const run = await engine.nextRun(paused);
		expect(performance.now() - startedAt).toBeGreaterThan(59_000);
		expect(run.status).toBe('success');
		expect(run.items).toHaveLength(1);
		expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
		expect(run.items[0]?.json.image_urls).toHaveLength(9);
		expect(run.items[0]?.binary).toBeUndefined();
	});
});
