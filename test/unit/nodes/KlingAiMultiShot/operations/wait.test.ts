import type { INodeParameters } from 'n8n-workflow';
import { startKling } from '../../../../kling';
import type { Run } from '../../../../support/engine';
import type { NodeRunOptions } from '../../../../support/engine/options';
import { useFastTime } from '../../../../support/fastTime';
import { credentialFor, useStage } from '../../../../support/stage';
import { told } from '../../shared/transport/told';
import { WHOLE_TASK } from '../../../../support/parameters';

useFastTime();

const stage = useStage({ mode: 'manual' });

/** What takes 20 s goes on beside the tests, with a Kling of its own. */
let givenUp: Promise<{ unknown: Run; hung: Run }>;

beforeAll(async () => {
	givenUp = giveUp();
});
beforeEach(() => stage.kling.reset());

const wait = (ids: string[], options: INodeParameters = {}, more: Partial<NodeRunOptions> = {}) =>
	stage.engine.runNode({
		parameters: { ...WHOLE_TASK, operation: 'wait', options: { pollInterval: 1, ...options } },
		items: ids.map((task_id) => ({ json: { task_id } })),
		...more,
	});
const NOBODYS = '867283741759111202';

async function giveUp() {
	const klings = [await startKling(), await startKling()] as const;
	const [unknowing, hanging] = klings;
	hanging.fault({ on: 'any', kind: 'slow', delayMs: 60_000, times: Infinity });
	const [unknown, hung] = await Promise.all([
		waitFor(NOBODYS, {}, { credentials: { klingApi: credentialFor(unknowing) } }),
		waitFor(NOBODYS, { timeout: 1 }, { credentials: { klingApi: credentialFor(hanging) } }),
	]);
	await Promise.all(klings.map(async (one) => await one.close()));
	return { unknown, hung };
}

/** Runs that go on side by side share the input of the test's engine, so here the id stands in the field. */
const waitFor = (
	taskId: string,
	options: INodeParameters = {},
	more: Partial<NodeRunOptions> = {},
) =>
	stage.engine.runNode({
		parameters: {
			...WHOLE_TASK,
			operation: 'wait',
			taskId,
			options: { pollInterval: 1, ...options },
		},
		...more,
	});
const CONTINUE = { nodeSettings: { onError: 'continueRegularOutput' } } as const;
const newTasks = (count: number) =>
	Array.from({ length: count }, () => stage.kling.createTask().task_id) as [string, ...string[]];
const checksOf = (id: string) => stage.kling.requests.filter(({ path }) => path.endsWith(id));
const answered = (count: number) =>
	stage.kling.requests.length >= count && stage.kling.requests.every(({ ms }) => ms >= 0);

describe('one task', () => {
	it('that has finished comes out at once, by one request', async () => {
		const { task_id } = stage.kling.createTask({ external_task_id: 'order-1' });
		await stage.kling.move(task_id, 'succeed');
		const run = await wait([task_id], { pollInterval: 600 });
		expect(run.items).toHaveLength(1);
		expect(run.items[0]).toMatchObject({
			json: {
				task_id,
				task_status: 'succeed',
				task_info: { external_task_id: 'order-1' },
				task_result: { images: [{ index: 0 }, { index: 1 }, { index: 2 }] },
				completed: true,
				expires_at: expect.any(String) as string,
			},
			pairedItem: { item: 0 },
		});
		expect(run.items[0]?.json).not.toHaveProperty('error');
		expect(stage.kling.requests).toHaveLength(1);
	});

	it('is checked once at each interval until it has finished', async () => {
		const [id] = newTasks(1);
		const running = wait([id]);
		await stage.kling.until(() => answered(1));
		await stage.kling.move(id, 'processing');
		await stage.kling.until(() => answered(2));
		await stage.kling.move(id, 'succeed');
		const run = await running;
		expect(run.items[0]?.json).toMatchObject({ task_id: id, completed: true });
		expect(stage.kling.requests).toHaveLength(3);
		const [first = 0, second = 0, third = 0] = stage.kling.requests.map(({ at }) => at);
		expect(second - first).toBeGreaterThanOrEqual(890);
		expect(third - second).toBeGreaterThanOrEqual(890);
	});

	it('is found by its external id, too', async () => {
		const { task_id } = stage.kling.createTask({ external_task_id: 'order/1' });
		await stage.kling.move(task_id, 'succeed');
		const taskId = { __rl: true, mode: 'externalId', value: 'order/1' };
		const run = await wait([''], {}, { parameters: { ...WHOLE_TASK, operation: 'wait', taskId } });
		expect(run.items[0]?.json.task_id).toBe(task_id);
	});

	it('that "succeeded" has succeeded', async () => {
		stage.kling.switches.successWord = 'succeeded';
		const [id] = newTasks(1);
		await stage.kling.move(id, 'succeed');
		const run = await wait([id]);
		expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
	});

	it('that failed is an error with id, status and reason', async () => {
		const [id] = newTasks(1);
		await stage.kling.move(id, 'failed', { task_status_msg: 'Image pixel is invalid' });
		const run = await wait([id]);
		expect(run.items).toEqual([]);
		expect(run.error?.name).toBe('NodeOperationError');
		expect(run.error?.message).toBe(`Task ${id} failed: Image pixel is invalid`);
		expect(run.error?.description).toBe(
			'Fix the problem that Kling reports, then create a new task.',
		);
		expect(run.error?.context).toMatchObject({ itemIndex: 0 });
		expect(stage.kling.requests).toHaveLength(1);
	});

	it('that failed without a reason is an error, too', async () => {
		const data = { task_id: '867283741759111202', task_status: 'failed' };
		stage.kling.fault({ on: 'get', kind: 'body', body: { code: 0, data } });
		const run = await wait([data.task_id]);
		expect(run.error?.message).toBe(`Task ${data.task_id} failed: Kling gave no reason`);
		expect(run.error?.description).toBe(
			'Create a new task. If that fails, too, use another image.',
		);
	});

	it('of a status that nobody knows is waited for', async () => {
		const [id] = newTasks(1);
		await stage.kling.move(id, 'succeed');
		const data = { task_id: id, task_status: 'queued' };
		stage.kling.fault({ on: 'get', kind: 'body', body: { code: 0, data } });
		expect((await wait([id])).items[0]?.json.task_status).toBe('succeed');
		expect(stage.kling.requests).toHaveLength(2);
	});
});

describe('the time limit', () => {
	it('is an error with id and last status, after a last check', async () => {
		const [id] = newTasks(1);
		await stage.kling.move(id, 'processing');
		const startedAt = Date.now();
		const run = await wait([id], { timeout: 1.5, pollInterval: 1 });
		expect(run.items).toEqual([]);
		expect(run.error?.message).toBe(
			`Task ${id} did not finish within 1.5 seconds: its last status is "processing"`,
		);
		expect(run.error?.description).toBe(
			'The task continues at Kling and stays charged. Wait for it with Wait for Task, or raise the Timeout.',
		);
		expect(run.durationMs).toBeGreaterThanOrEqual(1_490);
		expect(run.durationMs).toBeLessThan(15_000);
		const lastCheck = stage.kling.requests.at(-1)?.at ?? 0;
		expect(lastCheck - startedAt).toBeGreaterThanOrEqual(1_490);
	});

	it('comes in time with a long interval, and its last check still counts', async () => {
		const [id] = newTasks(1);
		const running = wait([id], { timeout: 1, pollInterval: 600 });
		await stage.kling.until(() => answered(1));
		await stage.kling.move(id, 'succeed');
		const run = await running;
		expect(run.items[0]?.json).toMatchObject({ task_id: id, completed: true });
		expect(run.durationMs).toBeLessThan(300_000);
		expect(stage.kling.requests).toHaveLength(2);
	});

	it('tells why the task was never seen', async () => {
		const id = '867283741759111202';
		const run = await wait([id], { timeout: 1, pollInterval: 600 });
		expect(run.error?.message).toBe(
			`Kling could not get task ${id}: Task not found by id/external id: ${id}`,
		);
		expect(run.error?.description).toContain('Kling code: 1201');
		expect(stage.kling.requests).toHaveLength(2);
	});

	it('tells of the last check where that failed, and of the last status', async () => {
		const [id] = newTasks(1);
		stage.kling.fault({ on: 'get', kind: 'error', code: 5000, skip: 1 });
		const run = await wait([id], { timeout: 1, pollInterval: 600 });
		expect(run.error?.message).toContain('within 1 second: its last status is "submitted"');
		expect(run.error?.description).toContain('\nThe last check failed: Internal server error');
	});
});

describe('a check that fails', () => {
	const passing = {
		'5000': { kind: 'error', code: 5000 },
		'1302': { kind: 'error', code: 1302 },
		'a page of the edge': { kind: 'html', status: 503 },
		'a dropped connection': { kind: 'drop' },
		'half an answer': { kind: 'cut' },
		'a token that has expired': { kind: 'error', code: 1004 },
		'a page with HTTP 404': { kind: 'html', status: 404 },
		'a page with HTTP 200': { kind: 'html', status: 200 },
		'a proxy that wants a password': { kind: 'html', status: 407 },
		'{}': { kind: 'empty' },
		'a redirect': { kind: 'redirect' },
		'truncated JSON': { kind: 'truncated' },
		'no data': { kind: 'noData' },
		'data of another kind': { kind: 'wrongTypes' },
		'a code that nobody knows': { kind: 'body', body: { code: 7777, message: 'New' } },
	} as const;

	it(`does not end the wait where it may pass: ${Object.keys(passing).join(', ')}`, async () => {
		const outcomes = await Promise.all(
			Object.values(passing).map(async (fault) => {
				const [id] = newTasks(1);
				await stage.kling.move(id, 'succeed');
				stage.kling.fault({ on: 'get', task_id: id, ...fault });
				const run = await waitFor(id);
				return { id, run, checks: checksOf(id).length };
			}),
		);
		for (const { id, run, checks } of outcomes) {
			expect(told(run)).toBe('');
			expect(run.items[0]?.json).toMatchObject({ task_id: id, completed: true });
			expect(checks).toBe(2);
		}
	});

	it('one after the other, between two good answers: the wait goes on', async () => {
		const [id] = newTasks(1);
		const location = `${stage.kling.baseUrl}/elsewhere`;
		for (const [skip, fault] of [
			{ kind: 'html', status: 404 } as const,
			{ kind: 'empty' } as const,
			{ kind: 'redirect', location } as const,
			{ kind: 'truncated' } as const,
		].entries())
			stage.kling.fault({ on: 'get', ...fault, matching: () => checksOf(id).length === skip + 2 });
		const running = wait([id]);
		await stage.kling.until(() => answered(6));
		expect(checksOf(id).map(({ fault }) => fault)).toEqual([
			undefined,
			'html',
			'empty',
			'redirect',
			'truncated',
			undefined,
		]);
		await stage.kling.move(id, 'succeed');
		const run = await running;
		expect(told(run)).toBe('');
		expect(run.items[0]?.json).toMatchObject({ task_id: id, completed: true });
		expect(stage.kling.count('unknown')).toBe(0);
	});

	it('a page for good: the wait goes on to its end, and the error says why', async () => {
		const [id] = newTasks(1);
		stage.kling.fault({ on: 'get', kind: 'html', status: 200, times: Infinity });
		const run = await wait([id], { timeout: 3 });
		expect(run.error?.message).toBe(
			`Kling could not get task ${id}: the answer is a web page, not Kling's JSON`,
		);
		expect(run.error?.description).toContain('HTTP status: 200');
		expect(run.durationMs).toBeGreaterThanOrEqual(2_900);
		expect(stage.kling.requests.length).toBeGreaterThanOrEqual(2);
	});

	it.each([
		['1000', { kind: 'error', code: 1000 }, /Kling code: 1000 .*HTTP status: 401/],
		['1103', { kind: 'error', code: 1103 }, /Kling code: 1103/],
	] as const)(
		"ends it at once where it is Kling's last word: %s",
		async (_name, fault, description) => {
			const [id] = newTasks(1);
			stage.kling.fault({ on: 'get', ...fault });
			const run = await wait([id]);
			expect(run.error?.message).toContain(`Kling could not get task ${id}: `);
			expect(run.error?.description).toMatch(description);
			expect(stage.kling.requests).toHaveLength(1);
		},
	);

	it.each([1003, 1004])('a token that stays wrong is replaced once: %i', async (code) => {
		const [id] = newTasks(1);
		stage.kling.fault({ on: 'get', kind: 'error', code, times: Infinity });
		const run = await wait([id]);
		expect(run.error?.description).toContain(`Kling code: ${code}`);
		expect(stage.kling.requests).toHaveLength(2);
	});

	it('the time limit says what the last check met', async () => {
		const [id] = newTasks(1);
		stage.kling.fault({ on: 'get', kind: 'error', code: 5001, skip: 1, times: Infinity });
		const run = await wait([id], { timeout: 2 });
		expect(run.error?.message).toContain('did not finish within 2 s');
		expect(run.error?.description).toMatch(/Kling code: 5001 .*Request ID: \S+/);
	});

	it('real keys of another region end it at once', async () => {
		stage.kling.switches.wrongRegion = true;
		const run = await wait(newTasks(1));
		expect(told(run)).toMatch(/keys of one region do not work in the other/);
		expect(stage.kling.requests).toHaveLength(1);
	});
});

it.each([1, 3])('tasks that Kling shows late are found: %i', async (count) => {
	Object.assign(stage.kling.switches, { getVisibleAfterMs: 5_000, listVisibleAfterMs: 5_000 });
	const ids = Array.from(
		{ length: count },
		() => stage.kling.createTask({ charged: true }).task_id,
	);
	for (const id of ids) await stage.kling.move(id, 'succeed');
	const run = await wait(ids);
	expect(told(run)).toBe('');
	expect(run.items.map(({ json }) => json.task_id)).toEqual(ids);
	expect(stage.kling.requests.some(({ code }) => code === 1201)).toBe(true);
});

describe('several tasks', () => {
	it('two are checked side by side, in one loop', async () => {
		const ids = newTasks(2);
		const [first, second = ''] = ids;
		const running = wait(ids);
		await stage.kling.until(() => answered(2));
		await stage.kling.move(second, 'succeed');
		await stage.kling.until(() => checksOf(second).length === 2 && answered(4));
		await stage.kling.move(first, 'succeed');
		const run = await running;
		expect(run.items.map(({ json, pairedItem }) => [json.task_id, pairedItem])).toEqual([
			[first, { item: 0 }],
			[second, { item: 1 }],
		]);
		expect(checksOf(second)).toHaveLength(2);
		expect(stage.kling.count('list')).toBe(0);
	});

	it('three and more by one page of List, the last two by Get again', async () => {
		const ids = newTasks(12);
		const running = wait(ids);
		await stage.kling.until(() => answered(1));
		for (const id of ids.slice(0, 9)) await stage.kling.move(id, 'succeed');
		await stage.kling.until(() => answered(2));
		expect([stage.kling.count('list'), stage.kling.count('get')]).toEqual([2, 0]);
		await stage.kling.move(ids[9] ?? '', 'succeed');
		await stage.kling.until(() => answered(3));
		expect([stage.kling.count('list'), stage.kling.count('get')]).toEqual([3, 0]);
		for (const id of ids.slice(10)) await stage.kling.move(id, 'succeed');
		const run = await running;
		expect(run.items.map(({ json }) => json.task_id)).toEqual(ids);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual(
			ids.map((_id, item) => ({ item })),
		);
		expect([stage.kling.count('list'), stage.kling.count('get')]).toEqual([3, 2]);
	});

	it('the same task twice is asked for once', async () => {
		const [id] = newTasks(1);
		await stage.kling.move(id, 'succeed');
		const run = await wait([id, id]);
		expect(run.items.map(({ json }) => json.task_id)).toEqual([id, id]);
		expect(stage.kling.requests).toHaveLength(1);
	});

	it.each([
		['cannot be read', () => void stage.kling.fault({ on: 'list', kind: 'html', times: Infinity })],
		[
			'is not understood',
			() => void stage.kling.fault({ on: 'list', kind: 'wrongTypes', times: Infinity }),
		],
		[
			'shows old tasks first',
			() => {
				for (let count = 0; count < 1_001; count++) stage.kling.createTask({ created_at: count });
				stage.kling.switches.listOrder = 'oldestFirst';
			},
		],
	])('where List %s, Get tells', async (_name, arrange) => {
		arrange();
		const ids = newTasks(3);
		for (const id of ids) await stage.kling.move(id, 'succeed');
		const run = await wait(ids);
		expect(run.items.map(({ json }) => json.task_id)).toEqual(ids);
		expect(stage.kling.count('get')).toBe(3);
	});

	it('the first error ends the waits for the others', async () => {
		const ids = newTasks(3);
		await stage.kling.move(ids[1] ?? '', 'failed', { task_status_msg: 'No luck' });
		const run = await wait(ids, { pollInterval: 600 });
		expect(run.error?.message).toBe(`Task ${ids[1]} failed: No luck`);
		expect(run.error?.context).toMatchObject({ itemIndex: 1 });
		expect(run.durationMs).toBeLessThan(300_000);
	});

	it('with Continue On Fail each item has its own outcome', async () => {
		const [good, bad = '', slow = ''] = newTasks(3);
		await stage.kling.move(good, 'succeed');
		await stage.kling.move(bad, 'failed', { task_status_msg: 'No luck' });
		const run = await wait([slow, 'no id', bad, good], { timeout: 1 }, CONTINUE);
		expect(run.items.map(({ json }) => json.error ?? json.task_id)).toEqual([
			`Task ${slow} did not finish within 1 second: its last status is "submitted"`,
			'The Task ID is not an ID: "no id"',
			`Task ${bad} failed: No luck`,
			good,
		]);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(run.items[0]?.json).not.toHaveProperty('completed');
	});
});

describe('Stop', () => {
	it('ends the wait within a second, between two checks and in one, and no request leaves after it', async () => {
		const [idle, hanging = ''] = newTasks(2);
		stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 15_000, task_id: hanging });
		const running = [waitFor(idle), waitFor(hanging)];
		await stage.kling.until(
			() => checksOf(idle)[0]?.status === 200 && checksOf(hanging).length === 1,
		);
		for (const run of running) run.cancel();
		for (const run of await Promise.all(running)) {
			// The tests' clocks run five times as fast: a second of the machine.
			expect(run.stopLatencyMs).toBeLessThan(5_000);
			expect(run.status).toBe('canceled');
			expect(run.items).toEqual([]);
		}
		// Another wait for longer than an interval.
		expect(told(await wait(newTasks(1), { timeout: 1.5 }))).toContain('within 1.5 s');
		expect([checksOf(idle).length, checksOf(hanging).length]).toEqual([1, 1]);
	});

	it('nothing is sent for what was stopped before it began', async () => {
		const running = wait(newTasks(1));
		running.cancel();
		await running;
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('refused before any request', () => {
	const CHANGE = 'Change it in the Options.';
	const AUTOMATIC = 'Change it in the Options; 0 is automatic.';

	it.each([
		[{ pollInterval: 0.5 }, 'Poll Interval must be between 1 and 600 seconds, got 0.5', AUTOMATIC],
		[{ pollInterval: 601 }, 'Poll Interval must be between 1 and 600 seconds, got 601', AUTOMATIC],
		[{ pollInterval: -5 }, 'Poll Interval must be between 1 and 600 seconds, got -5', AUTOMATIC],
		[
			{ pollInterval: 'often' },
			'Poll Interval must be between 1 and 600 seconds, got "often"',
			AUTOMATIC,
		],
		[
			{ pollInterval: '={{ true }}' },
			'Poll Interval must be between 1 and 600 seconds, got true',
			AUTOMATIC,
		],
		[
			{ pollInterval: '={{ null }}' },
			'Poll Interval must be between 1 and 600 seconds, got null',
			AUTOMATIC,
		],
		[
			{ pollInterval: '={{ [] }}' },
			'Poll Interval must be between 1 and 600 seconds, got []',
			AUTOMATIC,
		],
		[{ pollInterval: ' ' }, 'Poll Interval must be between 1 and 600 seconds, got " "', AUTOMATIC],
		[{ timeout: 0 }, 'Timeout must be between 1 and 86,400 seconds, got 0', CHANGE],
		[{ timeout: 0.9 }, 'Timeout must be between 1 and 86,400 seconds, got 0.9', CHANGE],
		[{ timeout: 86_401 }, 'Timeout must be between 1 and 86,400 seconds, got 86401', CHANGE],
		[{ timeout: '={{ [] }}' }, 'Timeout must be between 1 and 86,400 seconds, got []', CHANGE],
		[{ timeout: '15 min' }, 'Timeout must be between 1 and 86,400 seconds, got "15 min"', CHANGE],
	])('%j', async (options, message, description) => {
		const [id] = newTasks(1);
		await stage.kling.move(id, 'succeed');
		const run = await wait([id], options);
		expect(run.error?.message).toBe(message);
		expect(run.error?.description).toBe(description);
		expect(stage.kling.requests).toEqual([]);
	});

	it.each([
		{ pollInterval: 0 },
		{ pollInterval: '1' },
		{ pollInterval: 600, timeout: 86_400 },
		{ timeout: '' },
	])('but not %j', async (options) => {
		const [id] = newTasks(1);
		await stage.kling.move(id, 'succeed');
		expect(told(await wait([id], options))).toBe('');
	});

	it('an id that is none', async () => {
		const run = await wait(['../account']);
		expect(run.error?.message).toBe('The Task ID is not an ID: "../account"');
		expect(stage.kling.requests).toEqual([]);
	});
});

it('settings are read once, from the first item', async () => {
	const ids = newTasks(2);
	for (const id of ids) await stage.kling.move(id, 'succeed');
	const run = await wait(ids, { timeout: '={{ $itemIndex === 0 ? 5 : 0 }}' });
	expect(told(run)).toBe('');
	expect(run.items).toHaveLength(2);
});

it('given up after 20 s on an id that stays unknown', async () => {
	const { unknown } = await givenUp;
	expect(unknown.error?.message).toContain(`Kling could not get task ${NOBODYS}: Task not found`);
	expect(unknown.error?.description).toContain('Kling code: 1201');
	expect(unknown.durationMs).toBeGreaterThan(19_000);
	expect(unknown.durationMs).toBeLessThan(40_000);
}, 30_000);

it('given up soon after the limit where Kling hangs', async () => {
	const { hung } = await givenUp;
	expect(hung.error?.message).toBe(`Kling could not get task ${NOBODYS}: no answer came in time`);
	expect(hung.durationMs).toBeLessThan(12_500);
}, 30_000);
