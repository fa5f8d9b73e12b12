import type { INodeParameters } from 'n8n-workflow';
import { makeImage } from '../../../../../kling';
import type { NodeRunOptions } from '../../../../../support/engine';
import { useFastTime } from '../../../../../support/fastTime';
import { WHOLE_TASK } from '../../../../../support/parameters';
import { useStage } from '../../../../../support/stage';
import { told } from '../../../shared/transport/told';

useFastTime(20);

const stage = useStage({ mode: 'manual' });
let front: string;
let other: string;

beforeAll(async () => {
	front = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
	other = (await makeImage({ width: 320, height: 300, type: 'png' })).toString('base64');
});

let count = 0;
/** This process remembers ids that it has used. */
let externalTaskId: string;

beforeEach(() => {
	stage.kling.reset();
	externalTaskId = `shared-${count++}`;
});

const create = (
	parameters: INodeParameters = {},
	items = 1,
	more: Partial<NodeRunOptions> = {},
	options: INodeParameters = {},
) =>
	stage.engine.runNode({
		...more,
		items: Array.from({ length: items }, (_, item) => ({ json: { item } })),
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64: front,
			waitForCompletion: false,
			options: { externalTaskId, ...options },
			...parameters,
		},
	});
const CONTINUE = { nodeSettings: { onError: 'continueRegularOutput' } } as const;

describe('one External Task ID for several items of a run', () => {
	it.each([1, 5])(
		'with the same image is one task and one charge (%i at a time)',
		async (maxConcurrent) => {
			const { kling } = stage;
			kling.fault({ on: 'create', kind: 'slow', delayMs: 50 });
			const run = await create({}, 3, {}, { maxConcurrent });
			const { task_id } = kling.tasks[0] ?? {};
			expect(told(run)).toBe('');
			expect(run.items.map(({ json }) => [json.task_id, json.reused])).toEqual([
				[task_id, undefined],
				[task_id, true],
				[task_id, true],
			]);
			expect(kling.count('create')).toBe(1);
			expect(kling.counters.tasksCharged).toBe(1);
			expect(run.hints.map(({ message }) => message)).toContain('Charged: 1, reused: 2');
		},
	);

	const twoImages = () => ({ imageBase64: `={{ $json.item === 1 ? '${other}' : '${front}' }}` });

	it('with two images is refused before anything is sent', async () => {
		const run = await create(twoImages(), 3);
		expect(run.error?.message).toBe(
			`External Task ID "${externalTaskId}" is used for two different images`,
		);
		expect(run.error?.description).toBe(
			'Item 0 has the same ID and another image. One ID stands for one task: give each image its own.\nNothing was created or charged for this item.',
		);
		expect(run.error?.context.itemIndex).toBe(1);
		expect(stage.kling.requests).toEqual([]);
	});

	it('with two images and Continue On Fail, the item with the other image alone is refused', async () => {
		const run = await create(twoImages(), 3, CONTINUE);
		const { task_id } = stage.kling.tasks[0] ?? {};
		expect(run.items.map(({ json }) => json.error ?? json.task_id)).toEqual([
			task_id,
			`External Task ID "${externalTaskId}" is used for two different images`,
			task_id,
		]);
		expect(run.items[1]?.json.details).toContain('Nothing was created or charged for this item.');
		expect(stage.kling.counters.tasksCharged).toBe(1);
	});

	it('in two runs at the same time is one charge, too', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'slow', delayMs: 100 });
		const runs = await Promise.all([create(), create()]);
		expect(runs.map(told)).toEqual(['', '']);
		expect(new Set(runs.map(({ items }) => items[0]?.json.task_id)).size).toBe(1);
		expect(runs.filter(({ items }) => items[0]?.json.reused)).toHaveLength(1);
		expect(kling.counters.tasksCharged).toBe(1);
	});
});

describe('an External Task ID whose expression gives nothing', () => {
	const hintsOf = async (given: string, count: number) => {
		const { hints } = await create({}, count, {}, { externalTaskId: given });
		return hints.map(({ message }) => message).filter((hint) => /External Task ID/.test(hint));
	};

	it('is named in a hint, with its items', async () => {
		expect(await hintsOf('={{ $json.nothing }}', 1)).toEqual([
			'External Task ID is empty for item 0: a later run creates a new task for it.',
		]);
		const given = `={{ $json.item === 1 ? '${externalTaskId}' : '' }}`;
		expect(await hintsOf(given, 4)).toEqual([
			'External Task ID is empty for items 0, 2 and 3: a later run creates new tasks for them.',
		]);
	});

	it('names ten items, and counts the others', async () => {
		const [hint] = await hintsOf('={{ $json.nothing }}', 12);
		expect(hint).toContain('for items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more:');
	});

	it.each(['', '=', '= ', 'order-1042'])('no hint where "%s" was entered', async (given) => {
		expect(await hintsOf(given, 1)).toEqual([]);
	});
});

describe('a failed task that the External Task ID stands for', () => {
	const failedBefore = async () => {
		const { kling } = stage;
		const { task_id } = kling.createTask({ external_task_id: externalTaskId });
		const { created_at } = await kling.move(task_id, 'failed', { task_status_msg: 'No face' });
		return { task_id, created: new Date(created_at).toISOString() };
	};

	it.each([false, true])(
		"is an error that names it as the earlier one's (waits: %s)",
		async (waitForCompletion) => {
			const { task_id, created } = await failedBefore();
			const run = await create({ waitForCompletion });
			expect(run.items).toEqual([]);
			expect(run.error?.message).toBe(
				`Task ${task_id} with External Task ID "${externalTaskId}", created ${created}, failed: No face`,
			);
			expect(run.error?.description).toBe(
				'Fix the problem that Kling reports, then use another External Task ID to create a new task.\nNo new task was created or charged for this item.',
			);
			expect(stage.kling.count('create')).toBe(0);
		},
	);

	it('is data where failed tasks are', async () => {
		const { task_id } = await failedBefore();
		const run = await create({ waitForCompletion: true }, 1, {}, { onFailedTask: 'output' });
		expect(told(run)).toBe('');
		expect(run.items[0]?.json).toMatchObject({
			task_id,
			task_status: 'failed',
			completed: true,
			reused: true,
		});
		expect(stage.kling.count('create')).toBe(0);
	});
});

it('a retry after a failed task says that it creates none', async () => {
	const { kling } = stage;
	const running = create({ waitForCompletion: true, options: { pollInterval: 1 } }, 1, {
		nodeSettings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	});
	await kling.until(() => kling.tasks.length === 1);
	const { task_id = '' } = kling.tasks[0] ?? {};
	await kling.move(task_id, 'failed', { task_status_msg: 'No face' });
	const run = await running;
	expect(run.error?.message).toMatch(
		new RegExp(`^Task ${task_id} of an earlier try, created \\S+Z, failed: No face$`),
	);
	expect(run.error?.description).toContain('A retry creates no new task.');
	expect(kling.count('create')).toBe(1);
});
