import { makeImage } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { WHOLE_TASK } from '../../../../support/parameters';

useFastTime();

const stage = useStage({ mode: 'auto', durationMs: [800, 1600] });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => {
	stage.kling.reset();
	stage.kling.slots = Infinity;
});

function create(count: number, options = {}) {
	return stage.engine.runNode({
		items: Array.from({ length: count }, (_, item) => ({ json: { item } })),
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitForCompletion: false,
			options,
		},
	});
}

it('never more creates at a time than the user allows', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'slow', delayMs: 50, times: Infinity });
	await create(12, { maxConcurrent: 3 });
	expect(kling.counters.maxParallel.create).toBe(3);
	await create(12);
	expect(kling.counters.maxParallel.create).toBe(5);
});

it('over the limit of the account, a create follows the end of a task instead of hammering', async () => {
	const { kling } = stage;
	kling.slots = 3;
	const run = await create(15, { maxConcurrent: 10 });
	expect(run.error).toBeUndefined();
	expect(kling.counters.tasksCharged).toBe(15);
	expect(kling.counters.maxRunning).toBe(3);
	// The first ten find the limit; from then on one create a task, but for a few that met it.
	expect(kling.count('create')).toBeLessThanOrEqual(15 + 7 + 4);
});

it('slots that others hold are found by a lone probe, and then all of them', async () => {
	const { kling } = stage;
	kling.slots = 0;
	// So that no end of an own task is seen.
	kling.fault({ on: 'get', kind: 'error', code: 1203, times: Infinity });
	const running = create(3);
	const refused = () => kling.requests.filter(({ code }) => code === 1303).length;
	await kling.until(() => refused() >= 3);
	kling.slots = 3;
	const run = await running;
	expect(run.error).toBeUndefined();
	expect(kling.counters.tasksCharged).toBe(3);
	// One probe at a time, not one for each item. A slow machine may have sent one before the slots were free.
	expect(kling.count('create')).toBeLessThanOrEqual(7);
	expect(run.durationMs).toBeLessThan(10_000);
});

it('without a slot for the capacity timeout, an error that says what to do, and nothing paid', async () => {
	const { kling } = stage;
	kling.slots = 1;
	kling.createTask({ status: 'processing' });
	const run = await create(2, { capacityTimeout: 1 });
	expect(run.error?.message).toContain('parallel task over resource pack limit');
	expect(run.error?.description).toContain('Wait for running tasks to end');
	expect(run.error?.description).toContain('Nothing was created or charged for this item.');
	expect(kling.counters.tasksCharged).toBe(0);
});

it('a healthy batch longer than the capacity timeout is not ended by it', async () => {
	const { kling } = stage;
	kling.slots = 1;
	const run = await create(4, { capacityTimeout: 3 });
	expect(run.error).toBeUndefined();
	expect(run.durationMs).toBeGreaterThan(3_000);
	expect(kling.counters.tasksCharged).toBe(4);
});

it('too many requests are waited out, as long as Retry-After says', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'error', code: 1302, retryAfter: 2 });
	const run = await create(1);
	expect(run.error).toBeUndefined();
	expect(run.durationMs).toBeGreaterThanOrEqual(2_000);
	expect(kling.counters.tasksCharged).toBe(1);
});

it('maintenance is waited out; the fifth time is an error', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'error', code: 5001, times: 2 });
	expect((await create(1)).error).toBeUndefined();
	kling.fault({ on: 'create', kind: 'error', code: 5001, times: Infinity });
	const before = kling.count('create');
	const run = await create(1);
	expect(run.error?.description).toContain('Kling code: 5001');
	expect(kling.count('create') - before).toBe(5);
}, 40_000);

it('Stop ends the wait for a slot, and no create leaves after it', async () => {
	const { kling } = stage;
	kling.slots = 1;
	kling.createTask({ status: 'processing' });
	const running = create(3);
	await kling.until(() => kling.count('create') === 3);
	running.cancel();
	const run = await running;
	expect(run.stopLatencyMs).toBeLessThan(5_000);
	const sent = kling.requests.length;
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	expect(kling.requests.length).toBe(sent);
});
