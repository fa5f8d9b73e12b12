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
beforeEach(() => stage.kling.reset());

const parametersWith = (options: INodeParameters, imageBase64 = front): INodeParameters => ({
	...WHOLE_TASK,
	operation: 'create',
	imageSource: 'base64',
	imageBase64,
	waitForCompletion: false,
	options: { maxConcurrent: 1, ...options },
});
const create = (options: INodeParameters, count = 1, more: Partial<NodeRunOptions> = {}) =>
	stage.engine.runNode({
		items: Array.from({ length: count }, (_, item) => ({ json: { item } })),
		parameters: parametersWith(options),
		...more,
	});
const CONTINUE = { nodeSettings: { onError: 'continueRegularOutput' } } as const;

let ids = 0;
/** This process remembers ids that it has used. */
const newId = () => `limited-${ids++}`;

describe('more items than the limit', () => {
	const message = 'Max New Tasks is 2: 3 new tasks are needed, and 2 are left';

	it('are refused before anything is sent', async () => {
		const run = await create({ maxNewTasks: 2 }, 3);
		expect(run.error?.message).toBe(message);
		expect(run.error?.description).toMatch(
			/^Pass fewer items, .* 0 for no limit\.\nNothing was sent or charged\.$/,
		);
		expect(stage.kling.requests).toEqual([]);
	});

	it('are refused with Continue On Fail, too, each as an item', async () => {
		const run = await create({ maxNewTasks: 2 }, 3, CONTINUE);
		expect(run.items.map(({ json }) => json.error)).toEqual([message, message, message]);
		expect(stage.kling.requests).toEqual([]);
	});

	it('that were refused themselves do not count', async () => {
		const imageBase64 = `={{ $json.item === 1 ? 'AAAA' : '${front}' }}`;
		const parameters = { ...parametersWith({ maxNewTasks: 2 }), imageBase64 };
		const run = await create({}, 3, { ...CONTINUE, parameters });
		expect(run.items.filter(({ json }) => json.task_id)).toHaveLength(2);
	});
});

it('as many items as the limit are created', async () => {
	const run = await create({ maxNewTasks: 3 }, 3);
	expect(told(run)).toBe('');
	expect(stage.kling.counters.tasksCharged).toBe(3);
});

it('rounds of a loop count together', async () => {
	const { engine, kling } = stage;
	const run = await engine.runWorkflow({
		nodes: [
			{ name: 'Input', type: 'test.source', items: [{ json: {} }] },
			{ name: 'Round', type: 'test.noOp' },
			{ name: 'Create', type: 'klingAiMultiShot', parameters: parametersWith({ maxNewTasks: 1 }) },
		],
		connections: [
			['Input', 'Create'],
			['Input', 'Round', 'Create'],
		],
	});
	expect(run.runs).toHaveLength(2);
	expect(run.error?.message).toBe('Max New Tasks is 1: 1 new task is needed, and 0 are left');
	expect(kling.counters.tasksCharged).toBe(1);
});

it("calls of an agent's tool count together, and the model reads why", async () => {
	const call = async (imageBase64: string) =>
		await create({}, 1, {
			asTool: 'classic',
			executionId: 'limited-tool',
			parameters: parametersWith({ maxNewTasks: 1 }, imageBase64),
		});
	expect(JSON.stringify((await call(front)).items)).toContain('submitted');
	const run = await call(other);
	const said = run.error?.message ?? JSON.stringify(run.items);
	expect(said).toContain('Not sent: Max New Tasks is 1');
	expect(said).toContain('Raise it in the Options');
	// The first image again is the task that exists.
	expect(JSON.stringify((await call(front)).items)).toContain('submitted');
	expect(stage.kling.counters.tasksCharged).toBe(1);
});

it('another execution has a limit of its own', async () => {
	for (const executionId of ['limited-1', 'limited-2'])
		expect(told(await create({ maxNewTasks: 1 }, 1, { executionId }))).toBe('');
	expect(stage.kling.counters.tasksCharged).toBe(2);
});

describe('items with an own External Task ID', () => {
	it('whose task exists do not count; the others are created up to the limit', async () => {
		const { kling } = stage;
		const prefix = newId();
		const existing = kling.createTask({ external_task_id: `${prefix}-0`, status: 'processing' });
		const externalTaskId = `={{ '${prefix}-' + $json.item }}`;
		const run = await create({ maxNewTasks: 1, externalTaskId }, 3, CONTINUE);
		expect(run.items[0]?.json).toMatchObject({ task_id: existing.task_id, reused: true });
		expect(run.items[1]?.json.task_id).toBe(kling.tasks.at(-1)?.task_id);
		expect(run.items[2]?.json).toEqual({
			item: 2,
			error: 'Not sent: Max New Tasks is 1',
			details:
				'Raise it in the Options, or set it to 0 for no limit.\nNothing was created or charged for this item.',
		});
		expect(kling.counters.tasksCharged).toBe(1);
	});

	it('that Kling refuses leave their place to others', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1301 });
		const externalTaskId = `={{ '${newId()}-' + $json.item }}`;
		const run = await create({ maxNewTasks: 1, externalTaskId }, 2, CONTINUE);
		expect(run.items.map(({ json }) => typeof json.task_id)).toEqual(['undefined', 'string']);
		expect(kling.counters.tasksCharged).toBe(1);
	});
});

describe('a retry', () => {
	const RETRY = { nodeSettings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 } };

	it('does not count the tasks of the first try again', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
		const run = await create({ maxNewTasks: 2 }, 2, RETRY);
		expect(told(run)).toBe('');
		expect(kling.counters.tasksCharged).toBe(2);
	});

	it('finds the task of a lost answer within the limit', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'drop', when: 'after' });
		kling.fault({ on: 'get', kind: 'error', code: 1103 });
		kling.fault({ on: 'list', kind: 'error', code: 1103, times: 12 });
		const run = await create({ maxNewTasks: 1 }, 1, RETRY);
		expect(told(run)).toBe('');
		expect(run.items[0]?.json.task_id).toBe(kling.tasks[0]?.task_id);
		expect(kling.count('create')).toBe(1);
	});

	it('without protection counts what it creates', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
		const run = await create({ maxNewTasks: 2, reuseTaskOnRetry: false }, 2, RETRY);
		expect(run.error?.message).toBe('Max New Tasks is 2: 2 new tasks are needed, and 1 is left');
		expect(kling.counters.tasksCharged).toBe(1);
	});
});
