import type { INodeParameters } from 'n8n-workflow';
import { makeImage } from '../../../../kling';
import type { NodeRunOptions } from '../../../../support/engine';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';
import { WHOLE_TASK } from '../../../../support/parameters';

useFastTime(20);

/** Whether a task was made is not always known. What then? */

const stage = useStage({ mode: 'manual' });
let parameters: INodeParameters;

beforeAll(async () => {
	const bytes = await makeImage({ width: 300, height: 300, type: 'png' });
	parameters = {
		...WHOLE_TASK,
		operation: 'create',
		imageSource: 'base64',
		imageBase64: bytes.toString('base64'),
		waitForCompletion: false,
	};
});
beforeEach(() => stage.kling.reset());

const create = (options: INodeParameters = {}, run: Partial<NodeRunOptions> = {}) =>
	stage.engine.runNode({ ...run, parameters: { ...parameters, options } });

const MAY_EXIST = 'may have been created and charged';

describe('an error, never a second create', () => {
	it('where the lookup itself is refused', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'drop', when: 'after' });
		kling.fault({ on: 'get', kind: 'error', code: 1103, times: Infinity });
		const run = await create();
		expect(told(run)).toContain(MAY_EXIST);
		expect(told(run)).toContain(kling.tasks[0]?.external_task_id);
		expect(kling.count('create')).toBe(1);
	});

	it('where no task shows its external id, and ids may repeat', async () => {
		const { kling } = stage;
		Object.assign(kling.switches, {
			lookupByExternalId: false,
			externalIdsUnique: false,
			taskInfo: 'omitted',
		});
		kling.fault({ on: 'create', kind: 'drop', when: 'after' });
		const running = create();
		await kling.until(() => kling.tasks.length === 1);
		await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
		expect(told(await running)).toContain(MAY_EXIST);
		expect(kling.count('create')).toBe(1);
	});
});

it('where the lookup is known not to work, List shows 20 s later that there is no task', async () => {
	const { kling } = stage;
	Object.assign(kling.switches, { lookupByExternalId: false, externalIdsUnique: false });
	kling.createTask({ external_task_id: 'order-1', status: 'succeed' });
	kling.fault({ on: 'create', kind: 'drop', when: 'before' });
	expect(told(await create())).toBe('');
	expect(kling.count('create')).toBe(2);
	expect(kling.counters.tasksCharged).toBe(1);
});

it('a task that is shown late is waited for, and is no existing one to this execution', async () => {
	const { kling } = stage;
	Object.assign(kling.switches, { getVisibleAfterMs: 9_500, listVisibleAfterMs: 9_500 });
	kling.fault({ on: 'create', kind: 'drop', when: 'after' });
	const run = await create({ externalTaskId: 'order-2', ifExternalIdExists: 'error' });
	expect(told(run)).toBe('');
	expect(run.items[0]?.json.task_id).toBe(kling.tasks[0]?.task_id);
	expect(kling.counters.tasksCharged).toBe(1);
	// Found within 20 s, so that nothing was sent a second time.
	expect(kling.count('create')).toBe(1);
}, 60_000);

it('a refused connection leaves no doubt: nothing was sent', async () => {
	const { accessKey, secretKey } = stage.kling;
	const nobody = { region: 'custom', baseUrl: 'http://127.0.0.1:9', accessKey, secretKey };
	const run = await create({ reuseTaskOnRetry: false }, { credentials: { klingApi: nobody } });
	expect(told(run)).toContain('Nothing was created or charged for this item.');
	expect(told(run)).not.toContain(MAY_EXIST);
}, 60_000);

it('a create that Kling refused is sent again by the next try, without a search', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'error', code: 1301 });
	const run = await create({}, { nodeSettings: { retryOnFail: true, waitBetweenTries: 0 } });
	expect(told(run)).toBe('');
	expect(kling.requests.map(({ operation }) => operation)).toEqual(['create', 'create']);
});

it('what the first try has made is not taken for the task that is looked for', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
	kling.fault({ on: 'create', kind: 'drop', when: 'before', skip: 1 });
	const run = await create(
		{ maxConcurrent: 1 },
		{
			items: [{ json: {} }, { json: {} }],
			nodeSettings: { retryOnFail: true, waitBetweenTries: 0 },
		},
	);
	expect(told(run)).toBe('');
	expect(kling.counters.tasksCharged).toBe(2);
	expect(kling.tasks.every(({ status }) => status === 'submitted')).toBe(true);
});

it('what another execution has made is known to it alone', async () => {
	const own = { externalTaskId: 'order-3', ifExternalIdExists: 'error' };
	expect(told(await create(own))).toBe('');
	expect(told(await create(own))).toContain('already belongs to task');
	expect(stage.kling.count('create')).toBe(1);
});

it('in a loop each round makes a task of its own', async () => {
	const { engine, kling } = stage;
	const run = await engine.runWorkflow({
		nodes: [
			{ name: 'Input', type: 'test.source' },
			{ name: 'Round', type: 'test.noOp' },
			{ name: 'Create', type: 'klingAiMultiShot', parameters },
		],
		connections: [
			['Input', 'Create'],
			['Input', 'Round', 'Create'],
		],
	});
	expect(run.runs).toHaveLength(2);
	expect(kling.counters.tasksCharged).toBe(2);
});

it.each(['engine', 'classic'] as const)(
	'as a tool (%s) the same image is one task, however often an agent calls',
	async (asTool) => {
		const items = [{ json: {} }, { json: {} }, { json: {} }];
		await create({}, { asTool, items });
		expect(stage.kling.counters.tasksCharged).toBe(1);
	},
);
