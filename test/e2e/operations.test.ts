import { makeImage } from '../kling';
import { ACTION_TYPE, failureOf, outputOf, type Item } from '../support/n8n';
import { WHOLE_TASK } from '../support/parameters';
import { link, node, start } from './nodes';
import { useStage } from './stage';

const stage = useStage();
beforeEach(() => stage.kling.reset());

/** The output of a create that waits, whose task succeeds. */
async function finishedCreate(parameters: Record<string, unknown>): Promise<Item[]> {
	const { kling } = stage;
	const run = stage.outputOfNode(parameters);
	await kling.until(() => kling.tasks.length === 1);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	return await run;
}

const locator = (mode: 'id' | 'list' | 'externalId', value: string) => ({
	__rl: true,
	mode,
	value,
});

describe('Create Task', () => {
	const parameters = { operation: 'create', waitForCompletion: false };

	it('from a URL', async () => {
		const [item] = await stage.outputOfNode({ ...parameters, imageUrl: stage.imageUrl });
		expect(item?.json).toMatchObject({
			task_id: stage.kling.tasks[0]?.task_id,
			task_status: 'submitted',
		});
		expect(stage.kling.counters.tasksCharged).toBe(1);
	});

	it('from a binary file', async () => {
		const download = node('Download', 'n8n-nodes-base.httpRequest', 4.2, {
			url: stage.imageUrl,
			options: { response: { response: { responseFormat: 'file' } } },
		});
		const create = node('Kling', ACTION_TYPE, 1, { ...parameters, imageSource: 'binary' });
		const workflow = await stage.put({
			name: 'Create from a binary file',
			nodes: [start, download, create],
			connections: link('Start', 'Download', 'Kling'),
		});
		const execution = await stage.api.waitUntilFinished(await stage.api.run(workflow.id, 'Start'));
		expect(outputOf(execution, 'Kling')[0]?.json['task_id']).toBe(stage.kling.tasks[0]?.task_id);
		expect(stage.kling.tasks[0]?.image.bytes).toBe((await makeImage()).length);
	});

	it('from base64 with a data: prefix, and with an external id', async () => {
		const base64 = (await makeImage({ type: 'jpeg' })).toString('base64');
		const [item] = await stage.outputOfNode({
			...parameters,
			imageSource: 'base64',
			imageBase64: `data:image/jpeg;base64,${base64}`,
			options: { externalTaskId: 'order-1042' },
		});
		expect(stage.kling.tasks[0]).toMatchObject({
			task_id: item?.json['task_id'],
			external_task_id: 'order-1042',
		});
	});

	it('with an External Task ID from the data, once, and then an error', async () => {
		const options = { externalTaskId: '={{ $json.sku }}', ifExternalIdExists: 'error' };
		const create = { ...parameters, imageUrl: stage.imageUrl, options };
		const items = [{ sku: 'order-1045' }];
		await stage.outputOfNode(create, items);
		const again = await stage.runNode(create, items);
		expect(again.status).toBe('error');
		expect(failureOf(again)).toContain('order-1045');
		expect(stage.kling.counters.tasksCharged).toBe(1);
	});

	it('as it is added, with an Image URL: nine items, each with its file', async () => {
		const { api, kling, imageUrl } = stage;
		const items = await finishedCreate({ operation: 'create', imageUrl: imageUrl });
		expect(items).toHaveLength(9);
		const [task] = kling.tasks;
		for (const [position, { json, binary, pairedItem }] of items.entries()) {
			const [set, view] = [1 + Math.floor(position / 3), 1 + (position % 3)];
			expect(Object.keys(json)).toEqual([
				'task_id',
				'set',
				'view',
				'url',
				'expires_at',
				'completed',
				'front_image_url',
			]);
			expect(json).toMatchObject({
				task_id: task?.task_id,
				set,
				view,
				completed: true,
				front_image_url: imageUrl,
			});
			expect(pairedItem).toEqual({ item: 0 });
			expect(binary?.['data']).toMatchObject({
				mimeType: 'image/png',
				fileName: `${task?.task_id}_${set}_${view}.png`,
			});
			const bytes = binary?.['data'] && (await api.binary(binary['data']));
			const original = await fetch(String(json['url']));
			expect(bytes?.equals(Buffer.from(await original.arrayBuffer()))).toBe(true);
		}
		expect(kling.counters).toMatchObject({ tasksCharged: 1, authorizedViews: 0 });
		expect(kling.count('create')).toBe(1);
	});

	it('with waiting and One Item per Task: the finished task, with nine URLs and files', async () => {
		const items = await finishedCreate({
			operation: 'create',
			imageUrl: stage.imageUrl,
			output: 'task',
			options: { pollInterval: 1 },
		});
		expect(items).toHaveLength(1);
		const [item] = items;
		expect(item?.json).toMatchObject({ task_status: 'succeed', completed: true });
		expect(item?.json['image_urls']).toHaveLength(9);
		expect(Object.keys(item?.binary ?? {})).toEqual(
			[1, 2, 3].flatMap((set) => [1, 2, 3].map((view) => `image_${set}_${view}`)),
		);
		expect(stage.kling.count('create')).toBe(1);
	});
});

describe('Get Task', () => {
	it.each([
		['id', 'task_id'],
		['externalId', 'external_task_id'],
	] as const)('by %s', async (mode, key) => {
		const task = stage.kling.createTask({ external_task_id: 'order-1043' });
		const taskId = locator(mode, task[key] ?? '');
		const [item] = await stage.outputOfNode({ operation: 'get', taskId });
		expect(item?.json['task_id']).toBe(task.task_id);
	});

	it('picked from the list that the panel offers', async () => {
		const task = stage.kling.createTask({ external_task_id: 'order-1044' });
		const { results } = await stage.api.listSearch({
			nodeType: ACTION_TYPE,
			typeVersion: 1,
			property: 'taskId',
			methodName: 'searchTasks',
			parameters: { operation: 'get' },
			credential: stage.credential,
		});
		expect(results).toEqual([expect.objectContaining({ value: task.task_id })]);
		const taskId = locator('list', results[0]?.value ?? '');
		const [item] = await stage.outputOfNode({ operation: 'get', taskId });
		expect(item?.json['task_id']).toBe(task.task_id);
	});

	it('for each item by its task_id', async () => {
		const tasks = [stage.kling.createTask(), stage.kling.createTask(), stage.kling.createTask()];
		const taskId = locator('id', '={{ $json.task_id }}');
		const ids = tasks.map(({ task_id }) => ({ task_id }));
		const items = await stage.outputOfNode({ operation: 'get', taskId }, ids);
		expect(items.map(({ json }) => json['task_id'])).toEqual(ids.map(({ task_id }) => task_id));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});
});

it('List Tasks outputs one item per task, filtered by status', async () => {
	const first = stage.kling.createTask();
	stage.kling.createTask();
	await stage.kling.move(first.task_id, 'succeed');
	const all = await stage.outputOfNode({ operation: 'list', returnAll: true });
	expect(all).toHaveLength(2);
	const succeeded = await stage.outputOfNode({
		operation: 'list',
		returnAll: false,
		limit: 10,
		filters: { statuses: ['succeed'] },
	});
	expect(succeeded.map(({ json }) => json['task_id'])).toEqual([first.task_id]);
});

it('Wait for Task outputs the finished task with its nine images', async () => {
	const task = stage.kling.createTask();
	const run = stage.outputOfNode({
		operation: 'wait',
		taskId: locator('id', task.task_id),
		...WHOLE_TASK,
		options: { pollInterval: 1 },
	});
	await stage.kling.until(() => stage.kling.count('get') > 0);
	await stage.kling.move(task.task_id, 'succeed');
	const [item] = await run;
	const { images } = item?.json['task_result'] as { images: Array<Record<string, string>> };
	expect(images.map(({ index }) => index)).toEqual([0, 1, 2]);
	const urls = images.flatMap(({ url_1, url_2, url_3 }) => [url_1, url_2, url_3]);
	expect(urls.filter((url) => url?.startsWith('http'))).toHaveLength(9);
	expect(item?.json['image_urls']).toEqual(urls);
});
