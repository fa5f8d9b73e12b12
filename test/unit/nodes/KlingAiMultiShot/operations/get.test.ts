import type { NodeRunOptions } from '../../../../support/engine/options';
import { useStage } from '../../../../support/stage';
import { told } from '../../shared/transport/told';
import { WHOLE_TASK } from '../../../../support/parameters';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

const get = async (ids: unknown[], more: Partial<NodeRunOptions> = {}) =>
	await stage.engine.runNode({
		parameters: { ...WHOLE_TASK, operation: 'get' },
		items: ids.map((task_id) => ({ json: { task_id } as { task_id: string } })),
		...more,
	});
/** In the order of sets and views. */
const urlsOf = (result: unknown) =>
	(result as { images: Array<Record<string, string>> }).images.flatMap((set) => [
		set.url_1,
		set.url_2,
		set.url_3,
	]);
const CONTINUE = { nodeSettings: { onError: 'continueRegularOutput' } } as const;

it("gives Kling's own task, its URLs in a flat list, and when its images are deleted", async () => {
	const { task_id, created_at } = stage.kling.createTask({ external_task_id: 'order-1' });
	const { updated_at } = await stage.kling.move(task_id, 'succeed');
	const run = await get([task_id]);
	expect(run.items).toHaveLength(1);
	expect(run.items[0]?.json).toEqual({
		task_id,
		task_status: 'succeed',
		task_status_msg: '',
		task_info: { external_task_id: 'order-1' },
		task_result: {
			images: [0, 1, 2].map((index) => ({
				index,
				url_1: expect.stringContaining('/views/') as string,
				url_2: expect.stringContaining('/views/') as string,
				url_3: expect.stringContaining('/views/') as string,
			})),
		},
		final_unit_deduction: '20',
		final_balance_deduction: { quota: '20', list_price: '0.07' },
		created_at,
		updated_at,
		image_urls: urlsOf(run.items[0]?.json.task_result),
		expires_at: new Date(updated_at + 30 * 24 * 3_600_000).toISOString(),
	});
	expect(run.items[0]?.pairedItem).toEqual({ item: 0 });
	expect(stage.kling.requests).toHaveLength(1);
});

it('checks once, and a running task has neither images nor a date of deletion', async () => {
	const { task_id } = stage.kling.createTask();
	const run = await get([task_id]);
	expect(run.items[0]?.json).toMatchObject({ task_id, task_status: 'submitted' });
	for (const name of ['expires_at', 'image_urls', 'completed', 'reused'])
		expect(run.items[0]?.json).not.toHaveProperty(name);
	expect(stage.kling.count('get')).toBe(1);
});

it('a failed task is data', async () => {
	const { task_id } = stage.kling.createTask();
	await stage.kling.move(task_id, 'failed', { task_status_msg: 'Image pixel is invalid' });
	const run = await get([task_id]);
	expect(told(run)).toBe('');
	expect(run.items[0]?.json).toMatchObject({
		task_id,
		task_status: 'failed',
		task_status_msg: 'Image pixel is invalid',
	});
	expect(run.items[0]?.json).not.toHaveProperty('error');
	expect(run.items[0]?.json).not.toHaveProperty('expires_at');
});

it.each([
	['the other word for success', { successWord: 'succeeded' }, { task_status: 'succeed' }],
	['no task_info', { taskInfo: 'omitted' }, { task_status: 'succeed' }],
	['no deduction', { unitDeduction: false }, { task_status: 'succeed' }],
	[
		'images of an older shape',
		{ imageShape: 'flat' },
		{ task_result: { images: [{ index: 0, url: expect.any(String) as string }, {}, {}] } },
	],
] as const)('reads %s', async (_name, switches, expected) => {
	Object.assign(stage.kling.switches, switches);
	const { task_id } = stage.kling.createTask();
	await stage.kling.move(task_id, 'succeed');
	const run = await get([task_id]);
	expect(run.items[0]?.json).toMatchObject({ task_id, ...expected });
	expect(run.items[0]?.json).toHaveProperty('expires_at');
});

it('what Kling adds later passes through, and odd times do no harm', async () => {
	const data = {
		task_id: '867283741759111202',
		task_status: 'succeed',
		updated_at: 9e15,
		new_field: { deep: [1] },
	};
	stage.kling.fault({ on: 'get', kind: 'body', body: { code: 0, data } });
	expect((await get(['867283741759111202'])).items[0]?.json).toEqual(data);
});

it('many items: one out for each, in order, paired, ten at a time at the most', async () => {
	const tasks = Array.from({ length: 25 }, () => stage.kling.createTask());
	// The first is answered last.
	stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 150, task_id: tasks[0]?.task_id ?? '' });
	const run = await get(tasks.map(({ task_id }) => task_id));
	expect(run.items.map(({ json }) => json.task_id)).toEqual(tasks.map(({ task_id }) => task_id));
	expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual(
		tasks.map((_task, item) => ({ item })),
	);
	expect(stage.kling.count('get')).toBe(25);
	expect(stage.kling.counters.maxParallel.get).toBeLessThanOrEqual(10);
	expect(stage.kling.counters.maxParallel.get).toBeGreaterThan(1);
});

it.each([400, 404] as const)('an unknown task is an error (HTTP %i)', async (unknownTask) => {
	stage.kling.switches.unknownTask = unknownTask;
	const run = await get(['867283741759111202']);
	expect(run.items).toEqual([]);
	expect(run.error?.message).toBe(
		'Kling could not get task 867283741759111202: Task not found by id/external id: 867283741759111202',
	);
	expect(run.error?.description).toContain(`Kling code: ${unknownTask === 400 ? 1201 : 1203}`);
	expect(stage.kling.count('get')).toBe(1);
});

it('with Continue On Fail each item has its own outcome', async () => {
	const [first, last] = [stage.kling.createTask(), stage.kling.createTask()];
	const run = await get([first.task_id, '867283741759111202', 'no id', last.task_id], CONTINUE);
	expect(run.error).toBeUndefined();
	expect(run.items.map(({ json, pairedItem }) => ({ json, pairedItem }))).toEqual([
		{
			json: expect.objectContaining({ task_id: first.task_id }) as object,
			pairedItem: { item: 0 },
		},
		{
			json: {
				task_id: '867283741759111202',
				error: expect.stringContaining('Task not found') as string,
				details: expect.stringMatching(
					/^Correct the value.*\nKling code: 1201 .*Request ID: /,
				) as string,
			},
			pairedItem: { item: 1 },
		},
		{
			json: {
				task_id: 'no id',
				error: 'The Task ID is not an ID: "no id"',
				details: expect.stringContaining('867283741759111202') as string,
			},
			pairedItem: { item: 2 },
		},
		{ json: expect.objectContaining({ task_id: last.task_id }) as object, pairedItem: { item: 3 } },
	]);
});

it('without it the error names its item', async () => {
	const { task_id } = stage.kling.createTask();
	const run = await get([task_id, '867283741759111202']);
	expect(run.items).toEqual([]);
	expect(run.error?.context).toMatchObject({ itemIndex: 1 });
});

it('with the error output, what failed goes there', async () => {
	const { task_id } = stage.kling.createTask();
	const run = await get(['867283741759111202', task_id], {
		nodeSettings: { onError: 'continueErrorOutput' },
	});
	const [good = [], bad = []] = run.outputs;
	expect(good.map(({ json }) => json.task_id)).toEqual([task_id]);
	expect(bad).toHaveLength(1);
	expect(bad[0]).toMatchObject({
		json: {
			error: expect.stringContaining('Task not found') as string,
			details: expect.stringContaining('Kling code: 1201') as string,
			// n8n merges the input's fields into it.
			task_id: '867283741759111202',
		},
	});
});

it('by default each image of the task is an item, with its file', async () => {
	const { task_id } = stage.kling.createTask({ external_task_id: 'order-1' });
	const { updated_at } = await stage.kling.move(task_id, 'succeed');
	const run = await get([task_id], { parameters: { operation: 'get' } });
	expect(told(run)).toBe('');
	expect(
		run.items.map(({ json, binary, pairedItem }) => [json, binary?.data?.fileName, pairedItem]),
	).toEqual(
		[1, 2, 3].flatMap((set) =>
			[1, 2, 3].map((view) => [
				{
					task_id,
					set,
					view,
					url: expect.stringContaining(`/${set - 1}_${view}.png`) as string,
					expires_at: new Date(updated_at + 30 * 24 * 3_600_000).toISOString(),
					external_task_id: 'order-1',
				},
				expect.stringContaining(`${task_id}_${set}_${view}`) as string,
				{ item: 0 },
			]),
		),
	);
});
