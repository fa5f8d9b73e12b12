import { makeImage } from '../kling';
import { useStage } from '../support/stage';
import { WHOLE_TASK } from '../support/parameters';

/** One walk through everything that the package registers with n8n. */
describe('the package on the engine', () => {
	const stage = useStage();

	beforeEach(() => {
		stage.kling.reset();
		stage.engine.logs.clear();
	});

	it('turns an image into views', async () => {
		const data = await stage.engine.binary({
			content: await makeImage({ width: 400, height: 400, type: 'png' }),
		});
		const run = await stage.engine.runNode({
			parameters: {
				...WHOLE_TASK,
				operation: 'create',
				imageSource: 'binary',
				options: { pollInterval: 1 },
			},
			items: [{ json: {}, binary: { data } }],
		});

		expect(run.error).toBeUndefined();
		expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
	});

	it.each([
		['get', { taskId: { __rl: true, mode: 'id', value: '={{ $json.task_id }}' } }],
		['list', {}],
		['wait', { taskId: { __rl: true, mode: 'id', value: '={{ $json.task_id }}' } }],
	])('knows the operation %s', async (operation, parameters) => {
		const { task_id } = stage.kling.createTask();
		await stage.kling.move(task_id, 'succeed');
		const run = await stage.engine.runNode({
			parameters: { ...WHOLE_TASK, operation, ...parameters },
			items: [{ json: { task_id } }],
		});

		expect(run.error).toBeUndefined();
		expect(run.items.map(({ json }) => json.task_id)).toEqual([task_id]);
	});

	it('works as a tool of an AI agent', async () => {
		const { task_id } = stage.kling.createTask();
		const taskId = { __rl: true, mode: 'id', value: "={{ $fromAI('task_id') }}" };
		const run = await stage.engine.runNode({
			asTool: 'engine',
			parameters: { ...WHOLE_TASK, operation: 'get', taskId },
			items: [{ json: { task_id } }],
		});

		expect(run.items[0]?.json.task_id).toBe(task_id);
	});

	it('fills the list of tasks', async () => {
		const { task_id } = stage.kling.createTask();

		expect(
			(await stage.engine.listSearch('searchTasks')).results.map(({ value }) => value),
		).toEqual([task_id]);
	});

	it('starts a workflow on a callback', async () => {
		const listener = stage.engine.listen();
		const { task_id } = stage.kling.createTask({ callback_url: listener.url });
		await stage.kling.move(task_id, 'succeed');
		await listener.settled();

		expect(
			listener.outcomes
				.flatMap(({ workflowData }) => workflowData?.flat() ?? [])
				.map(({ json }) => json.task_id),
		).toEqual([task_id]);
		listener.close();
	});

	it('tests the credential, and tells of a wrong one', async () => {
		const { kling, engine } = stage;
		const right = {
			region: 'custom',
			baseUrl: kling.baseUrl,
			accessKey: kling.accessKey,
			secretKey: kling.secretKey,
		};

		expect(await engine.testCredential(right)).toEqual({
			status: 'OK',
			message: 'Connection successful!',
		});
		expect(await engine.testCredential({ ...right, secretKey: 'x'.repeat(32) })).toMatchObject({
			status: 'Error',
		});
	});

	it('writes no secret to the log', async () => {
		const { kling, engine } = stage;
		kling.fault({ on: 'any', kind: 'error' });
		await engine.runNode({ parameters: { operation: 'list' } });

		expect(engine.logs.entries.length).toBeGreaterThan(0);
		expect(engine.logs.text()).not.toContain(kling.secretKey);
	});
});
