import { useStage } from '../../../../support/stage';
import { readThrough } from './reads';
import { told } from './told';
import { WHOLE_TASK } from '../../../../support/parameters';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());
afterEach(() => jest.restoreAllMocks());

/** Far less than the pauses and answers that Stop ends. */
const STOP_MS = 10_000;
const READS = ['get', 'list'] as const;
/** What jitter is made of; nearly 0 unless told. */
const drawn = (share = 0.001) => jest.spyOn(Math, 'random').mockReturnValue(share);
/** The milliseconds of each timer that is set from now on, the node's pauses among them. */
const timersFromNow = () => {
	const { calls } = jest.spyOn(global, 'setTimeout').mock;
	return () => calls.map(([, ms = 0]) => ms);
};

describe.each(READS)('a read that may help (%s)', (reading) => {
	it.each([
		['a dropped connection', { kind: 'drop' }],
		['5000', { kind: 'error', code: 5000 }],
		['5001', { kind: 'error', code: 5001 }],
		['1302', { kind: 'error', code: 1302 }],
		['a page of the edge', { kind: 'html', status: 504 }],
	] as const)('succeeds at the fifth try after four of %s', async (_name, fault) => {
		drawn();
		const { run, requests } = await readThrough(stage, reading, { ...fault, times: 4 });
		expect(told(run)).toBe('');
		expect(run.items).not.toEqual([]);
		expect(requests).toHaveLength(5);
	});

	it.each([1003, 1004])('gets a new token once after %i, at once', async (code) => {
		drawn(0.999);
		const timers = timersFromNow();
		const fault = { kind: 'error', code, times: 1 } as const;
		const { run, requests } = await readThrough(stage, reading, fault);
		expect(told(run)).toBe('');
		expect(requests).toHaveLength(2);
		expect(timers()).not.toContain(999);
	});

	it('gets a new token once, not once for each fault between', async () => {
		drawn();
		const { task_id } = stage.kling.createTask();
		for (const code of [1003, 5001, 1004]) stage.kling.fault({ on: reading, kind: 'error', code });
		const run = await stage.engine.runNode({
			parameters: { operation: reading, taskId: task_id },
		});
		expect(told(run)).toContain('Kling code: 1004');
		expect(stage.kling.count(reading)).toBe(3);
	});

	it('a clock that is really wrong is met twice, then it is an error', async () => {
		stage.kling.clockOffsetMs = -60_000;
		const { task_id } = stage.kling.createTask();
		const run = await stage.engine.runNode({
			parameters: { operation: reading, taskId: task_id },
		});
		expect(told(run)).toMatch(/Set the clock of n8n's machine: it is fast/);
		expect(stage.kling.count(reading)).toBe(2);
	});
});

describe('the pause before the next try', () => {
	it('doubles from 1 s, with full jitter', async () => {
		drawn(0.1);
		const timers = timersFromNow();
		const fault = { kind: 'error', code: 5001 } as const;
		await readThrough(stage, 'get', fault);
		const pauses = [100, 200, 400, 800];
		expect(timers().filter((ms) => pauses.includes(ms))).toEqual(pauses);
	});

	it.each([
		['in seconds', () => 2],
		['as a date', () => new Date(Date.now() + 3_000).toUTCString()],
	])('is what Retry-After says %s', async (_name, retryAfter) => {
		drawn();
		const timers = timersFromNow();
		const fault = { kind: 'error', code: 1302, times: 1 } as const;
		const { run, requests } = await readThrough(stage, 'get', {
			...fault,
			retryAfter: retryAfter(),
		});
		expect(told(run)).toBe('');
		expect(requests).toHaveLength(2);
		expect(timers().filter((ms) => ms > 1_000 && ms <= 3_000)).toHaveLength(1);
	});

	it.each(['soon', '-5', '', '60.5.2'])(
		'is our own where Retry-After is %j',
		async (retryAfter) => {
			drawn(0.999);
			const timers = timersFromNow();
			const fault = { kind: 'error', code: 1302, times: 1 } as const;
			const { run } = await readThrough(stage, 'get', { ...fault, retryAfter });
			expect(told(run)).toBe('');
			expect(timers().filter((ms) => ms === 999)).toHaveLength(1);
		},
	);

	it('ends with Stop, and nothing is sent after it', async () => {
		stage.kling.fault({ on: 'get', kind: 'error', code: 5001, retryAfter: 30 });
		const { task_id } = stage.kling.createTask();
		const running = stage.engine.runNode({
			parameters: { ...WHOLE_TASK, operation: 'get', taskId: task_id },
		});
		const { requests } = stage.kling;
		// A moment after the answer, when the pause has begun.
		await stage.kling.until(() => (requests[0]?.ms ?? -1) >= 0);
		const answeredAt = Date.now();
		await stage.kling.until(() => Date.now() - answeredAt > 150);
		running.cancel();
		const run = await running;
		expect(run.stopLatencyMs).toBeLessThan(STOP_MS);
		expect(run.status).toBe('canceled');
		expect(stage.kling.count('get')).toBe(1);
	});
});

it('a slow answer that is under way ends with Stop', async () => {
	stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 20_000 });
	const { task_id } = stage.kling.createTask();
	const running = stage.engine.runNode({
		parameters: { ...WHOLE_TASK, operation: 'get', taskId: task_id },
	});
	await stage.kling.until(() => stage.kling.count('get') === 1);
	running.cancel();
	expect((await running).stopLatencyMs).toBeLessThan(STOP_MS);
	expect(stage.kling.count('get')).toBe(1);
});

it('nobody listens: the error says why, in words', async () => {
	drawn();
	const [{ klingApi }, baseUrl] = [stage.credentials, 'http://127.0.0.1:9'];
	const run = await stage.engine.runNode({
		parameters: { ...WHOLE_TASK, operation: 'get', taskId: '867283741759111202' },
		credentials: { klingApi: { ...klingApi, baseUrl } },
	});
	expect(run.error?.message).toBe(
		'Kling could not get task 867283741759111202: the request was not sent, because the connection was refused',
	);
	expect(run.error?.description).toContain('Check that n8n can reach the Region or Base URL');
});
