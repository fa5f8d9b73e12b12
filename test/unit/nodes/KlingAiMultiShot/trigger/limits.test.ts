import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { bodyOf, emitted, finishedTask, SECRET, statusesOf, withSecret } from './callbacks';

const stage = useStage({ mode: 'manual' });

beforeEach(() => {
	stage.kling.reset();
	stage.engine.logs.clear();
});
afterEach(() => jest.restoreAllMocks());

const ids = (count: number) => Array.from({ length: count }, () => finishedTask(stage));
const send = async (url: string, task_id: string, task_status?: string) =>
	await stage.kling.sendCallback(url, bodyOf(task_id, task_status));

describe('a leaked URL is no amplifier', () => {
	it('looks at 5 tasks at a time, lets 100 wait, and sends more away', async () => {
		const listener = stage.engine.listen();
		stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 2_000, times: 5 });
		const tasks = ids(130);
		const sent = tasks.map(async (task_id) => await send(listener.url, task_id));
		const answers = (await Promise.all(sent)).map(({ status }) => status);
		await listener.settled();

		expect(answers.filter((status) => status === 503)).toHaveLength(25);
		expect(answers.filter((status) => status === 200)).toHaveLength(105);
		expect(emitted(listener.outcomes)).toHaveLength(105);
		expect(stage.kling.counters.maxParallel.get).toBe(5);
	});

	it('one flooded trigger leaves another its looks', async () => {
		const [flooded, other] = [stage.engine.listen(), stage.engine.listen()];
		stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 1_000, times: 5 });
		const flood = ids(106).map(async (task_id) => await send(flooded.url, task_id));
		await stage.kling.until(() => stage.kling.count('get') === 5);
		const task_id = finishedTask(stage);

		expect((await send(other.url, task_id)).status).toBe(200);
		expect(statusesOf(other, task_id)).toEqual(['succeed']);
		expect(emitted(flooded.outcomes)).toEqual([]);
		await Promise.all(flood);
	});

	it('reads an id that Kling does not know twice a minute', async () => {
		const listener = stage.engine.listen();
		const start = performance.now();
		const now = jest.spyOn(performance, 'now');
		for (const [laterMs, looks] of [
			[0, 2],
			[59_000, 2],
			[61_000, 4],
		] as const) {
			now.mockReturnValue(start + laterMs);
			expect((await send(listener.url, 'made-up')).status).toBe(200);
			expect(stage.kling.count('get')).toBe(looks);
		}
		expect(emitted(listener.outcomes)).toEqual([]);
	});

	it('an id that was not known with an earlier status is looked at with a later one', async () => {
		const listener = stage.engine.listen({ parameters: { statuses: ['submitted', 'succeed'] } });
		const { task_id } = stage.kling.createTask();
		stage.kling.fault({ on: 'get', kind: 'error', code: 1201, times: 2 });
		await send(listener.url, task_id, 'submitted');
		await stage.kling.move(task_id, 'succeed');
		await send(listener.url, task_id);

		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});
});

describe('an API that is down or behind', () => {
	useFastTime();

	it('is asked again, and what it says then comes out', async () => {
		const listener = stage.engine.listen();
		const task_id = finishedTask(stage);
		stage.kling.fault({ on: 'get', kind: 'drop', times: 2 });

		expect((await send(listener.url, task_id)).status).toBe(200);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
		expect(stage.kling.count('get')).toBe(3);
	});

	it('gets the caller a 503 after a few tries, and the next callback through', async () => {
		const listener = stage.engine.listen();
		const task_id = finishedTask(stage);
		const fault = stage.kling.fault({ on: 'get', kind: 'html', status: 502, times: 99 });
		const first = await send(listener.url, task_id);
		fault.remove();
		const { hits } = fault;
		const second = await send(listener.url, task_id);

		expect([first.status, second.status]).toEqual([503, 200]);
		expect(hits).toBe(4);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
		expect(stage.engine.logs.entries.filter(({ level }) => level === 'warn')).toHaveLength(1);
	});

	it('that still says processing is asked again', async () => {
		const listener = stage.engine.listen();
		const { task_id } = stage.kling.createTask();
		await stage.kling.move(task_id, 'processing');
		const sent = send(listener.url, task_id);
		await stage.kling.until(() => stage.kling.count('get') === 1);
		await stage.kling.move(task_id, 'succeed');

		expect((await sent).status).toBe(200);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});

	it('that goes on saying processing gets the caller a 503, and nothing comes out', async () => {
		const listener = stage.engine.listen({ parameters: { statuses: ['processing', 'succeed'] } });
		const { task_id } = stage.kling.createTask();
		await stage.kling.move(task_id, 'processing');

		expect((await send(listener.url, task_id)).status).toBe(503);
		expect(statusesOf(listener, task_id)).toEqual([]);
		expect(stage.kling.count('get')).toBe(4);
	});

	it('that says submitted after a callback for processing is behind, too', async () => {
		const listener = stage.engine.listen({ parameters: { statuses: ['processing'] } });
		const { task_id } = stage.kling.createTask();
		const sent = send(listener.url, task_id, 'processing');
		await stage.kling.until(() => stage.kling.count('get') === 1);
		await stage.kling.move(task_id, 'processing');
		await sent;

		expect(statusesOf(listener, task_id)).toEqual(['processing']);
	});

	it('is not asked again where that cannot help', async () => {
		const listener = stage.engine.listen();
		stage.kling.fault({ on: 'get', kind: 'error', code: 1103, times: 9 });

		expect((await send(listener.url, finishedTask(stage))).status).toBe(503);
		expect(stage.kling.count('get')).toBe(1);
	});

	it.each(['noData', 'wrongTypes', 'truncated', 'empty', 'redirect'] as const)(
		'answers with %s: 503, and nothing comes out',
		async (kind) => {
			const listener = stage.engine.listen();
			stage.kling.fault({ on: 'get', kind, times: 9 });

			expect((await send(listener.url, finishedTask(stage))).status).toBe(503);
			expect(listener.outcomes).toMatchObject([{ workflowData: undefined, threw: undefined }]);
		},
		15_000,
	);
});

it('callers that have signed may wait in larger numbers', async () => {
	stage.kling.webhookSecret = SECRET;
	const listener = stage.engine.listen({ credentials: withSecret(stage, SECRET) });
	stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 1_000, times: 5 });
	const sent = ids(130).map(async (task_id) => await send(listener.url, task_id));
	const answers = (await Promise.all(sent)).map(({ status }) => status);
	stage.kling.webhookSecret = undefined;

	expect(new Set(answers)).toEqual(new Set([200]));
	expect(stage.kling.counters.maxParallel.get).toBe(5);
});
