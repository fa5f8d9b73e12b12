import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { makeImage } from '../kling';
import type { NodeRunOptions, Run } from '../support/engine';
import { useFastTime } from '../support/fastTime';
import { WHOLE_TASK } from '../support/parameters';
import { useStage } from '../support/stage';

useFastTime();

/** Three items, the middle one of which fails, in each wait mode and with each On Error setting. */

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

type NodeSettings = NonNullable<NodeRunOptions['nodeSettings']>;
const STOP: NodeSettings = {};
const REGULAR: NodeSettings = { onError: 'continueRegularOutput' };
const ROUTED: NodeSettings = { onError: 'continueErrorOutput' };

/** What n8n's setting does with an error: where it comes out, and with what beside it. */
const CONTINUING = [
	['on the regular output', REGULAR],
	['on the error output', ROUTED],
] as const;

const itemsOf = (jsons: Array<Record<string, string | number>>): INodeExecutionData[] =>
	jsons.map((json) => ({ json }));
const THREE = itemsOf([0, 1, 2].map((item) => ({ item, sku: `sku-${item}` })));

function create(
	waitMode: 'poll' | 'callback',
	nodeSettings: NodeSettings,
	parameters: INodeParameters = {},
	items = THREE,
) {
	return stage.engine.runNode({
		items,
		nodeSettings,
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitMode,
			options: { maxConcurrent: 1, pollInterval: 1 },
			...parameters,
		},
	});
}

/** Kling's content policy refuses the second create. */
function refuseTheMiddle(): void {
	stage.kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
}

async function finish(): Promise<void> {
	for (const { task_id, status } of stage.kling.tasks)
		if (status !== 'succeed') await stage.kling.move(task_id, 'succeed');
}

const charged = () => stage.kling.tasks.map(({ task_id }) => task_id);
const jsonsOf = (items: INodeExecutionData[] | undefined) => (items ?? []).map(({ json }) => json);

interface Expected {
	first: unknown;
	last: unknown;
	error: unknown;
	/** Absent where an error ended the task's wait, and not its create. */
	details?: string;
}

/** Everything is there, at its output and in the input's order; the error has the input's fields beside it. */
function expectThree(run: Run, settings: NodeSettings, { first, last, error, details }: Expected) {
	const failed = {
		item: 1,
		sku: 'sku-1',
		error,
		details: expect.stringContaining(details ?? '') as unknown,
	};
	expect(run.status).toBe('success');
	const all = settings === ROUTED ? [[first, last], [failed]] : [[first, failed, last]];
	expect(run.outputs.map(jsonsOf)).toEqual(all);
	const pairs = settings === ROUTED ? [[0, 2], [1]] : [[0, 1, 2]];
	expect(run.outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual(
		pairs.map((items) => items.map((item) => ({ item }))),
	);
	for (const { error: property } of run.outputs.flat()) expect(property).toBeUndefined();
}

const taskOf = (task_id: string | undefined, more: Record<string, unknown>) =>
	expect.objectContaining({ task_id, ...more }) as unknown;

const REFUSED = {
	error: expect.stringContaining('Kling could not create the task') as unknown,
	details: 'Nothing was created or charged for this item.',
};

describe.each(CONTINUING)('an error %s', (_where, settings) => {
	it('polling: a create that is refused', async () => {
		refuseTheMiddle();
		const running = create('poll', settings);
		await stage.kling.until(() => stage.kling.tasks.length === 2);
		await finish();
		const run = await running;
		const [first, last] = charged();
		const done = { task_status: 'succeed', completed: true };
		expectThree(run, settings, {
			first: taskOf(first, done),
			last: taskOf(last, done),
			...REFUSED,
		});
		expect(stage.kling.counters.tasksCharged).toBe(2);
	});

	it('polling: a task that fails is named by its error', async () => {
		const running = create('poll', settings);
		await stage.kling.until(() => stage.kling.tasks.length === 3);
		const [first, middle, last] = charged();
		await stage.kling.move(middle ?? '', 'failed', { task_status_msg: 'Image pixel is invalid' });
		await stage.kling.move(first ?? '', 'succeed');
		await stage.kling.move(last ?? '', 'succeed');
		const run = await running;
		const done = { task_status: 'succeed', completed: true };
		expectThree(run, settings, {
			first: taskOf(first, done),
			last: taskOf(last, done),
			error: `Task ${middle} failed: Image pixel is invalid`,
			details: 'Fix the problem that Kling reports',
		});
	});

	it('a pause that a callback ends', async () => {
		refuseTheMiddle();
		const paused = await create('callback', settings);
		const [first, last] = charged();
		expect(paused.status).toBe('waiting');
		// Only what is open is shown meanwhile.
		expect(paused.outputs.flat().map(({ json }) => json.task_id)).toEqual([first, last]);
		await finish();
		const run = await stage.engine.nextRun(paused);
		const done = { task_status: 'succeed', completed: true };
		expectThree(run, settings, {
			first: taskOf(first, done),
			last: taskOf(last, done),
			...REFUSED,
		});
		expect(stage.kling.deliveries.map(({ status }) => status)).toEqual([200, 200]);
	});

	it('a pause whose last task fails at Kling: data, as after any pause', async () => {
		refuseTheMiddle();
		const paused = await create('callback', settings);
		const [first, last] = charged();
		await stage.kling.move(first ?? '', 'succeed');
		await stage.kling.move(last ?? '', 'failed', { task_status_msg: 'No luck' });
		const run = await stage.engine.nextRun(paused);
		expectThree(run, settings, {
			first: taskOf(first, { task_status: 'succeed', completed: true }),
			last: taskOf(last, { task_status: 'failed', completed: true }),
			...REFUSED,
		});
	});

	it('a pause that its deadline ends', async () => {
		refuseTheMiddle();
		const paused = await create('callback', settings);
		const run = await stage.engine.resumeByTimer(paused);
		const [first, last] = charged();
		const open = { task_status: 'submitted', completed: false };
		expectThree(run, settings, {
			first: taskOf(first, open),
			last: taskOf(last, open),
			...REFUSED,
		});
	});

	it('a timer pause with a task that Kling does not know', async () => {
		const { engine, kling } = stage;
		const finished = kling.createTask({ status: 'succeed' }).task_id;
		const running = kling.createTask({ status: 'processing' }).task_id;
		const ids = [finished, '123456789012345678', running];
		const paused = await engine.runNode({
			items: itemsOf(ids.map((task_id, item) => ({ item, sku: `sku-${item}`, id: task_id }))),
			nodeSettings: settings,
			parameters: {
				...WHOLE_TASK,
				operation: 'wait',
				waitMode: 'timer',
				taskId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			},
		});
		expect(paused.status).toBe('waiting');
		const run = await engine.resumeByTimer(paused);
		const [errors, tasks] = [run.outputs.flat(), run.outputs.flat()].map((items, index) =>
			items.filter(({ json }) => 'error' in json === (index === 0)),
		);
		expect(jsonsOf(tasks)).toEqual([
			taskOf(finished, { task_status: 'succeed', completed: true }),
			taskOf(running, { task_status: 'processing', completed: false }),
		]);
		expect(jsonsOf(errors)).toEqual([
			{
				item: 1,
				sku: 'sku-1',
				id: '123456789012345678',
				error: expect.stringMatching(/get task 123456789012345678: Task not found/) as unknown,
				details: expect.stringContaining('Kling code: 1201') as unknown,
			},
		]);
		expect(run.outputs.map(({ length }) => length)).toEqual(settings === ROUTED ? [2, 1] : [3]);
	});
});

describe('an error that stops the workflow', () => {
	it.each(['poll', 'callback'] as const)(
		'%s: it says what was charged, and nothing is parked',
		async (waitMode) => {
			refuseTheMiddle();
			const run = await create(waitMode, STOP);
			const [first] = charged();
			expect(run.status).toBe('error');
			expect(run.waitTill).toBeUndefined();
			expect(stage.kling.counters.tasksCharged).toBe(1);
			expect(run.error?.message).toContain('Kling could not create the task');
			expect(run.error?.description?.split('\n')).toEqual(
				expect.arrayContaining([
					'Nothing was created or charged for this item.',
					`Item 0: created and charged (${first}).`,
					'Item 2: nothing created or charged.',
				]),
			);
		},
	);

	it('polling: a failed task ends the wait for the others, which the error names', async () => {
		const running = create('poll', STOP);
		await stage.kling.until(() => stage.kling.tasks.length === 3);
		const [first, middle, last] = charged();
		await stage.kling.move(middle ?? '', 'failed', { task_status_msg: 'No luck' });
		const run = await running;
		expect(run.error?.message).toBe(`Task ${middle} failed: No luck`);
		expect(run.error?.description).toContain(
			`Items 0, 2: created and charged (${first}, ${last}).`,
		);
	});

	it('a timer pause: a task that Kling does not know is an error, and nothing is parked', async () => {
		const { engine, kling } = stage;
		const { task_id } = kling.createTask({ status: 'processing' });
		const run = await engine.runNode({
			items: itemsOf([task_id, '123456789012345678', task_id].map((id) => ({ id }))),
			parameters: {
				...WHOLE_TASK,
				operation: 'wait',
				waitMode: 'timer',
				taskId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			},
		});
		expect(run.status).toBe('error');
		expect(run.waitTill).toBeUndefined();
		expect(run.error?.message).toContain('Task not found');
	});
});

describe('Retry On Fail, with item 0 failing', () => {
	const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
	const isFirst = ({ body }: { body?: unknown }) => JSON.stringify(body).includes('first-');
	const withIds = (run: string): INodeParameters => ({
		options: {
			maxConcurrent: 1,
			pollInterval: 1,
			externalTaskId: `={{ ['first-', 'second-', 'third-'][$json.item] + '${run}' }}`,
		},
	});
	let runs = 0;

	/** All that was charged came out, and once. */
	function expectNothingLost(run: Run, count: number): void {
		const ids = run.outputs.flat().flatMap(({ json }) => json.task_id ?? []);
		expect(new Set(ids)).toEqual(new Set(charged()));
		expect(ids).toHaveLength(count);
		expect(stage.kling.counters.tasksCharged).toBe(count);
	}

	describe.each(CONTINUING)('an error %s', (_where, settings) => {
		it.each(['a callback', 'the deadline'])(
			'a pause that %s ends: every charged task is output',
			async (end) => {
				const { engine, kling } = stage;
				kling.fault({ on: 'create', kind: 'error', code: 1301, times: 99, matching: isFirst });
				const parameters = withIds(`callback-${++runs}`);
				const paused = await create('callback', { ...RETRY, ...settings }, parameters);
				expect(paused.status).toBe('waiting');
				expect(kling.tasks).toHaveLength(2);
				if (end === 'a callback') await finish();
				const run = await (end === 'a callback'
					? engine.nextRun(paused)
					: engine.resumeByTimer(paused));
				expect(run.status).toBe('success');
				expectNothingLost(run, 2);
				const errors = run.outputs.flat().filter(({ json }) => 'error' in json);
				expect(jsonsOf(errors)).toEqual([expect.objectContaining({ item: 0, sku: 'sku-0' })]);
			},
		);

		it('polling: each try gets the tasks of the one before', async () => {
			const { kling } = stage;
			kling.fault({ on: 'create', kind: 'error', code: 1301, times: 2, matching: isFirst });
			const running = create('poll', { ...RETRY, ...settings }, withIds(`poll-${++runs}`));
			await kling.until(() => kling.tasks.length === 2);
			await finish();
			await kling.until(() => kling.tasks.length === 3);
			await finish();
			const run = await running;
			expect(run.outputs.flat().map(({ json }) => json.error)).toEqual([
				undefined,
				undefined,
				undefined,
			]);
			expectNothingLost(run, 3);
		});
	});
});

it.each([false, true])(
	"an error beside an older task's fields (completed: %s) stays an error, and nobody waits for that task",
	async (completed) => {
		const { engine, kling } = stage;
		const { task_id: older } = kling.createTask({ status: completed ? 'succeed' : 'processing' });
		const { items: read } = await engine.runNode({
			parameters: { ...WHOLE_TASK, operation: 'get', taskId: older },
		});
		const fields = { ...read[0]?.json, completed };
		refuseTheMiddle();
		const items = [0, 1, 2].map((item) => ({ json: { ...fields, item } }));
		const paused = await create('callback', REGULAR, { downloadImages: true }, items);
		const own = charged().filter((id) => id !== older);
		for (const id of own) await kling.move(id, 'succeed');
		const run = await engine.nextRun(paused);
		expect(run.items.map(({ json }) => json.task_id)).toEqual([own[0], older, own[1]]);
		expect(run.items[1]?.json).toMatchObject({
			...fields,
			item: 1,
			...REFUSED,
			details: expect.stringContaining(REFUSED.details) as unknown,
		});
		expect(run.items.map(({ binary = {} }) => Object.keys(binary).length)).toEqual([9, 0, 9]);
	},
);
