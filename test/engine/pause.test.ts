import axios from 'axios';
import type { INodeParameters } from 'n8n-workflow';
import { makeImage, signatureHeaders, type Kling } from '../kling';
import type { NodeRunOptions, Run } from '../support/engine';
import { useFastTime } from '../support/fastTime';
import { useStage } from '../support/stage';
import { WHOLE_TASK } from '../support/parameters';

useFastTime();

const SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

type Create = Omit<NodeRunOptions, 'parameters'> & { parameters?: INodeParameters };

function createAndPause({ parameters, ...run }: Create = {}) {
	return stage.engine.runNode({
		...run,
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitForCompletion: true,
			waitMode: 'callback',
			...parameters,
		},
	});
}

function items(count: number) {
	return Array.from({ length: count }, (_, item) => ({ json: { item } }));
}

/** What n8n's webhook answers to a body sent to the resume URL of this task. */
async function post(kling: Kling, body: unknown, headers: Record<string, string> = {}) {
	const url = kling.tasks[0]?.callback_url ?? '';
	const response = await axios.post<unknown>(url, body, { headers, validateStatus: () => true });
	return response.status;
}

function callbackOf(task_id: string, task_status = 'succeed') {
	return { task_id, task_status, task_info: {}, task_result: { images: [] } };
}

describe('Pause Until Callback', () => {
	it('works with execution ids that are UUIDs', async () => {
		const { kling, engine } = stage;
		const executionId = '0198c5a2-7d0e-7c11-9a54-3f1f0c6f2b10';
		const paused = await createAndPause({ executionId });
		const [{ task_id, callback_url } = { task_id: '' }] = kling.tasks;
		expect(callback_url).toContain(`/webhook-waiting/${executionId}/`);
		await kling.move(task_id, 'succeed');
		const run = await engine.nextRun(paused);
		expect(run.items[0]?.json).toMatchObject({ task_id, completed: true });
	});

	it('says in a hint what was charged while it waits; n8n drops the hint when it resumes', async () => {
		const { kling, engine } = stage;
		const paused = await createAndPause({ items: items(2) });
		expect(paused.hints.map(({ message }) => message)).toEqual(['Charged: 2']);
		for (const { task_id } of kling.tasks) await kling.move(task_id, 'succeed');
		const run = await engine.nextRun(paused);
		expect(run.items).toHaveLength(2);
		expect(run.hints).toEqual([]);
	});

	it('parks the execution until Kling calls, and asks three times in all', async () => {
		const { kling, engine } = stage;
		const paused = await createAndPause();
		expect(paused.status).toBe('waiting');
		const waitMs = (paused.waitTill?.getTime() ?? 0) - Date.now();
		expect(waitMs).toBeGreaterThan(890_000);
		expect(waitMs).toBeLessThanOrEqual(900_000);
		const [task] = kling.tasks;
		expect(task?.callback_url).toMatch(/\/webhook-waiting\/[^/]+\/kling-ai-multi-shot\?signature=/);

		await kling.move(task?.task_id ?? '', 'processing');
		await kling.move(task?.task_id ?? '', 'succeed');
		const run = await engine.nextRun(paused);
		expect(run.status).toBe('success');
		expect(run.items).toEqual([
			{
				json: expect.objectContaining({
					task_id: task?.task_id,
					task_status: 'succeed',
					completed: true,
					expires_at: expect.any(String) as unknown,
				}) as unknown,
				pairedItem: { item: 0 },
			},
		]);
		expect(kling.requests.filter(({ operation }) => operation !== 'unknown')).toHaveLength(3);
	});

	it('ten items wake it when all have finished, in order, by at most 2.5 requests a task', async () => {
		const { kling, engine } = stage;
		kling.switches.callbackCopies = 2;
		const paused = await createAndPause({ items: items(10) });
		const ids = paused.items.map(({ json }) => String(json.task_id));
		expect(new Set(ids).size).toBe(10);
		for (const id of [...ids].reverse().slice(0, 9)) await kling.move(id, 'succeed');
		await kling.settled();
		const failed = ids[0] ?? '';
		await kling.move(failed, 'failed', { task_status_msg: 'Image pixel is invalid' });
		const run = await engine.nextRun(paused);
		expect(run.items.map(({ json }) => json.task_id)).toEqual(ids);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
		expect(run.items.every(({ json }) => json.completed === true)).toBe(true);
		expect(run.items[0]?.json).toMatchObject({
			task_status: 'failed',
			task_status_msg: 'Image pixel is invalid',
		});
		expect(kling.counters.tasksCharged).toBe(10);
	});

	it('simultaneous callbacks share looks', async () => {
		const { kling, engine } = stage;
		const paused = await createAndPause({ items: items(10) });
		const before = kling.requests.length;
		await Promise.all(kling.tasks.map(async ({ task_id }) => await kling.move(task_id, 'succeed')));
		const run = await engine.nextRun(paused);
		expect(run.items.every(({ json }) => json.completed === true)).toBe(true);
		expect(kling.requests.length - before).toBeLessThanOrEqual(4);
		expect(kling.requests.length / 10).toBeLessThanOrEqual(2.5);
	});

	it.each([
		['a foreign task', callbackOf('999999999999999999'), 200],
		['an unfinished task', 'processing', 200],
		['a body that is none', { hello: 'world' }, 400],
		['an array', [1, 2], 400],
		['a number for an id', { task_id: 12, task_status: 'succeed' }, 400],
	])('%s leaves it parked', async (_name, body, status) => {
		const { kling, engine } = stage;
		const paused = await createAndPause();
		const id = kling.tasks[0]?.task_id ?? '';
		const sent = typeof body === 'string' ? callbackOf(id, body) : body;
		expect(await post(kling, sent)).toBe(status);
		await kling.move(id, 'succeed');
		expect((await engine.nextRun(paused)).items[0]?.json.completed).toBe(true);
	});

	it('a forged callback about a task that runs leaves it parked: 503', async () => {
		const { kling, engine } = stage;
		const paused = await createAndPause();
		const id = kling.tasks[0]?.task_id ?? '';
		expect(await post(kling, callbackOf(id))).toBe(503);
		await kling.move(id, 'succeed');
		expect((await engine.nextRun(paused)).items[0]?.json.completed).toBe(true);
	}, 30_000);

	it('an API behind the callback is asked again', async () => {
		const { kling, engine } = stage;
		const paused = await createAndPause();
		kling.switches.queryLagMs = 1_200;
		await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
		expect((await engine.nextRun(paused)).items[0]?.json.task_status).toBe('succeed');
	});

	it('a call without the execution token is refused', async () => {
		const { kling } = stage;
		await createAndPause();
		const [task] = kling.tasks;
		const url = (task?.callback_url ?? '').replace(/signature=.*/, 'signature=wrong');
		const response = await axios.post(url, callbackOf(task?.task_id ?? ''), {
			validateStatus: () => true,
		});
		expect(response.status).toBe(401);
	});

	it('an API that is down gives 503, and the execution stays parked', async () => {
		const { kling, engine } = stage;
		const paused = await createAndPause();
		const id = kling.tasks[0]?.task_id ?? '';
		kling.fault({ on: ['get', 'list'], kind: 'html', status: 503, times: 4 });
		await kling.move(id, 'succeed');
		await kling.settled();
		expect(kling.deliveries.at(-1)?.status).toBe(503);
		expect(await post(kling, callbackOf(id))).toBe(200);
		expect((await engine.nextRun(paused)).items[0]?.json.completed).toBe(true);
	}, 30_000);

	it('with a Webhook Secret the signature is demanded, and saves the look', async () => {
		const { kling, engine } = stage;
		kling.switches.callbackBody = 'documented';
		const credentials = { klingApi: { ...stage.credentials.klingApi, webhookSecret: SECRET } };
		const paused = await createAndPause({ credentials });
		const id = kling.tasks[0]?.task_id ?? '';
		expect(await post(kling, callbackOf(id))).toBe(401);
		const wrong = JSON.stringify(callbackOf(id));
		expect(
			await post(kling, wrong, {
				'content-type': 'application/json',
				...signatureHeaders('whsec_d3Jvbmc=', '1', Date.now(), wrong),
			}),
		).toBe(401);
		kling.webhookSecret = SECRET;
		await kling.move(id, 'succeed');
		const run = await engine.nextRun(paused);
		kling.webhookSecret = undefined;
		expect(run.items[0]?.json).toMatchObject({ task_id: id, completed: true });
		expect(run.items[0]?.json.task_result).toHaveProperty('images');
		expect(kling.requests.filter(({ operation }) => operation !== 'unknown')).toHaveLength(2);
	});

	it('the deadline ends it with completed: false', async () => {
		const { engine } = stage;
		const paused = await createAndPause({
			items: items(2),
			parameters: { options: { timeout: 65 } },
		});
		const run = await engine.resumeByTimer(paused);
		expect(run.status).toBe('success');
		expect(run.items.map(({ json }) => [json.completed, json.task_status])).toEqual([
			[false, 'submitted'],
			[false, 'submitted'],
		]);
	});

	it('a task that finished before the pause is seen by the look, and nothing is parked', async () => {
		const { kling } = stage;
		kling.fault({
			on: 'create',
			kind: 'slow',
			delayMs: 300,
			when: 'after',
		});
		const running = createAndPause();
		await kling.until(() => kling.tasks.length === 1);
		await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
		const run = await running;
		expect(run.status).toBe('success');
		expect(run.waitTill).toBeUndefined();
		expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
	});

	it('an item that could not be made keeps its place through the pause', async () => {
		const { kling, engine } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
		const paused = await createAndPause({
			items: items(3),
			nodeSettings: { onError: 'continueRegularOutput' },
			parameters: { options: { maxConcurrent: 1 } },
		});
		expect(paused.status).toBe('waiting');
		for (const { task_id } of kling.tasks) await kling.move(task_id, 'succeed');
		const run = await engine.nextRun(paused);
		expect(run.items.map(({ json }) => json.completed)).toEqual([true, undefined, true]);
		expect(run.items[1]?.json.error).toContain('Kling could not create the task');
	});

	it.each([
		['as a tool', { asTool: 'classic' as const }, 'AI agent'],
		[
			"in n8n's new engine",
			{ workflow: { settings: { engineType: 'v2' as const } } },
			'new engine',
		],
	])('%s it polls instead and says so', async (_name, options, hint) => {
		const { kling } = stage;
		const running = createAndPause({ ...options, parameters: { options: { timeout: 65 } } });
		await kling.until(() => kling.tasks.length === 1);
		await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
		const run = await running;
		expect(run.status).toBe('success');
		expect(kling.tasks[0]?.callback_url).toBeUndefined();
		if (!('asTool' in options))
			expect(run.hints.some(({ message }) => message.includes(hint))).toBe(true);
	});

	it('a timeout that n8n cannot keep is refused before anything is sent', async () => {
		const run = await createAndPause({ parameters: { options: { timeout: 64 } } });
		expect(run.error?.message).toContain(
			'Timeout must be at least 65 seconds with Pause Until Callback, got 64',
		);
		expect(stage.kling.requests).toHaveLength(0);
	});

	it("a Callback URL of the user's is hidden, so that n8n leaves it out", async () => {
		const { kling } = stage;
		await createAndPause({ parameters: { options: { callbackUrl: 'https://example.com/hook' } } });
		expect(kling.tasks[0]?.callback_url).toContain('/webhook-waiting/');
	});

	it('a reused task of another execution is polled for, since Kling calls elsewhere', async () => {
		const { kling } = stage;
		const { task_id } = kling.createTask({ external_task_id: 'order-1', status: 'processing' });
		const running = createAndPause({ parameters: { options: { externalTaskId: 'order-1' } } });
		await kling.until(() => kling.count('get') >= 2);
		await kling.move(task_id, 'succeed');
		const run = await running;
		expect(run.items[0]?.json).toMatchObject({ task_id, completed: true, reused: true });
	});
});

describe('Pause Between Checks', () => {
	const wait = (task_ids: string[], options = {}, run: Partial<NodeRunOptions> = {}) =>
		stage.engine.runNode({
			...run,
			items: task_ids.map((task_id) => ({ json: { task_id } })),
			parameters: {
				...WHOLE_TASK,
				operation: 'wait',
				waitMode: 'timer',
				taskId: { __rl: true, mode: 'id', value: '={{ $json.task_id }}' },
				options,
			},
		});

	it('a finished task goes on at once, without a pause', async () => {
		const { task_id } = stage.kling.createTask({ status: 'failed', task_status_msg: 'bad' });
		const run = await wait([task_id]);
		expect(run.status).toBe('success');
		expect(run.items[0]?.json).toMatchObject({ task_status: 'failed', completed: true });
		expect(stage.kling.requests).toHaveLength(1);
	});

	it('an unfinished one parks, and goes on with completed: false', async () => {
		const { kling, engine } = stage;
		const one = kling.createTask({ status: 'succeed' }).task_id;
		const other = kling.createTask({ status: 'processing' }).task_id;
		const paused: Run = await wait([one, other], { timerInterval: 120 });
		expect(paused.status).toBe('waiting');
		const waitMs = (paused.waitTill?.getTime() ?? 0) - Date.now();
		expect(waitMs).toBeGreaterThan(115_000);
		expect(waitMs).toBeLessThanOrEqual(120_000);
		const run = await engine.resumeByTimer(paused);
		expect(run.items.map(({ json }) => [json.task_id, json.completed])).toEqual([
			[one, true],
			[other, false],
		]);
	});

	it.each([1, 3])('a check that fails is repeated, of %i tasks', async (count) => {
		const { kling } = stage;
		const ids = Array.from(
			{ length: count },
			() => kling.createTask({ status: 'processing' }).task_id,
		);
		kling.fault({ on: ['get', 'list'], kind: 'html', status: 502, times: count + 1 });
		const paused = await wait(ids);
		expect(paused.error).toBeUndefined();
		expect(paused.status).toBe('waiting');
	});

	it('a check that fails for half a minute is an error', async () => {
		stage.kling.fault({ on: 'get', kind: 'error', code: 5000, times: Infinity });
		const run = await wait([stage.kling.createTask().task_id]);
		expect(run.error?.description).toContain('Kling code: 5000');
		expect(run.durationMs).toBeGreaterThan(25_000);
		expect(run.durationMs).toBeLessThan(100_000);
	});

	it('a task that Kling does not know is an error', async () => {
		const run = await wait(['123456789012345678']);
		expect(run.error?.message).toContain('Task not found');
		expect(run.waitTill).toBeUndefined();
	});

	it('a shorter interval than n8n can keep is refused', async () => {
		const run = await wait(['1'], { timerInterval: 64 });
		expect(run.error?.message).toContain(
			'Timer Interval must be between 65 and 86,400 seconds, got 64',
		);
		expect(stage.kling.requests).toHaveLength(0);
	});
});
