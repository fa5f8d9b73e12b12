import {
	NodeHelpers,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
} from 'n8n-workflow';

import { KlingAiMultiShot } from '../../../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node';
import { makeImage } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { bytesAt, finishedTask, get, giveImages, sizeOf, storedIn } from './imagesGiven';

useFastTime();
/** Long enough for a request about a task that has not ended. */
const stage = useStage({ durationMs: [4_000, 6_000] });

beforeEach(() => stage.kling.reset());

const KEYS = [1, 2, 3].flatMap((set) => [1, 2, 3].map((view) => `${set}_${view}`));
/** Kling counts sets from 0 in the addresses. */
const addressOf = (set = 0, view = 0) => `${set - 1}_${view}`;
const images = () => stage.kling.requests.filter(({ operation }) => operation === 'view');

interface Sets {
	images: Array<Record<string, unknown>>;
}

function urlsOf({ json }: INodeExecutionData): unknown[] {
	const { images } = json.task_result as unknown as Sets;
	return images.flatMap(({ url_1, url_2, url_3 }) => [url_1, url_2, url_3]);
}

describe('one item per task', () => {
	it('puts each image into n8n’s storage, under set and view', async () => {
		const { task_id } = finishedTask(stage.kling);
		const run = await stage.engine.runNode({ parameters: get(task_id) });
		expect(run.error).toBeUndefined();
		expect(run.items).toHaveLength(1);
		const [item] = run.items;
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.json).toMatchObject({ task_id, task_status: 'succeed' });
		expect(item?.json).not.toHaveProperty('error');
		expect(item?.json).not.toHaveProperty('download_errors');
		const stored = await storedIn(stage, item);
		expect(stored.map(({ key }) => key)).toEqual(KEYS.map((key) => `image_${key}`));
		const urls = urlsOf(item!);
		for (const [position, { file, bytes }] of stored.entries()) {
			expect(file).toMatchObject({
				fileName: `${task_id}_${KEYS[position]}.png`,
				fileExtension: 'png',
				mimeType: 'image/png',
			});
			expect(bytes.equals(await bytesAt(urls[position]))).toBe(true);
			expect(sizeOf(bytes)).toMatch(/^\d+ × \d+$/);
		}
		expect(new Set(stored.map(({ bytes }) => bytes.toString('base64'))).size).toBe(9);
	});

	it('names the type by the first bytes', async () => {
		stage.kling.switches.viewType = 'jpeg';
		const { task_id } = finishedTask(stage.kling);
		const run = await stage.engine.runNode({ parameters: get(task_id) });
		expect(run.items[0]?.binary?.image_2_3).toMatchObject({
			fileName: `${task_id}_2_3.jpg`,
			mimeType: 'image/jpeg',
		});
	});

	it('lets the user choose what the names of the fields begin with', async () => {
		const { task_id } = finishedTask(stage.kling);
		const options = { outputBinaryPrefix: 'view_' };
		const run = await stage.engine.runNode({ parameters: get(task_id, { options }) });
		expect(Object.keys(run.items[0]?.binary ?? {})).toEqual(KEYS.map((key) => `view_${key}`));
	});

	it('downloads nothing unless told', async () => {
		const { task_id } = finishedTask(stage.kling);
		const run = await stage.engine.runNode({ parameters: get(task_id, { downloadImages: false }) });
		expect(run.items[0]).not.toHaveProperty('binary');
		expect(urlsOf(run.items[0]!)).toHaveLength(9);
		expect(images()).toHaveLength(0);
	});
});

describe('one item per image', () => {
	it('gives each image an item, with its file in data', async () => {
		const tasks = [finishedTask(stage.kling, 'order-1'), finishedTask(stage.kling)];
		const run = await stage.engine.runNode({
			parameters: get('={{ $json.id }}', { output: 'images' }),
			items: tasks.map(({ task_id }) => ({ json: { id: task_id } })),
		});
		expect(run.error).toBeUndefined();
		expect(run.items).toHaveLength(18);
		for (const [position, item] of run.items.entries()) {
			const task = tasks[Math.floor(position / 9)]!;
			const [set, view] = KEYS[position % 9]!.split('_').map(Number);
			expect(item.pairedItem).toEqual({ item: Math.floor(position / 9) });
			expect(item.json).toEqual({
				task_id: task.task_id,
				set,
				view,
				url: expect.stringContaining(`/${task.task_id}/${addressOf(set, view)}.png?`) as string,
				expires_at: new Date(task.updated_at + 30 * 86_400_000).toISOString(),
				...(task.external_task_id && { external_task_id: task.external_task_id }),
			});
			expect(Object.keys(item.json).slice(0, 5)).toEqual([
				'task_id',
				'set',
				'view',
				'url',
				'expires_at',
			]);
			const [stored, ...others] = await storedIn(stage, item);
			expect(others).toEqual([]);
			expect(stored?.key).toBe('data');
			expect(stored?.file.fileName).toBe(`${task.task_id}_${set}_${view}.png`);
			expect(stored?.bytes.equals(await bytesAt(item.json.url))).toBe(true);
		}
	});

	it('needs no download', async () => {
		const { task_id } = finishedTask(stage.kling);
		const parameters = get(task_id, { output: 'images', downloadImages: false });
		const run = await stage.engine.runNode({ parameters });
		expect(run.items).toHaveLength(9);
		expect(run.items.some(({ binary }) => binary)).toBe(false);
		expect(images()).toHaveLength(0);
	});

	it.each(['processing', 'failed'] as const)('hands on a task that is %s', async (status) => {
		const { task_id } = stage.kling.createTask({ status });
		const run = await stage.engine.runNode({ parameters: get(task_id, { output: 'images' }) });
		expect(run.items).toHaveLength(1);
		expect(run.items[0]).toMatchObject({
			json: { task_id, task_status: status },
			pairedItem: { item: 0 },
		});
	});
});

describe('the shapes of task_result.images', () => {
	it('reads the older one, too', async () => {
		stage.kling.switches.imageShape = 'flat';
		const { task_id } = finishedTask(stage.kling);
		const run = await stage.engine.runNode({ parameters: get(task_id) });
		const stored = await storedIn(stage, run.items[0]);
		expect(stored.map(({ key }) => key)).toEqual(['image_1_1', 'image_2_1', 'image_3_1']);
		const split = await stage.engine.runNode({ parameters: get(task_id, { output: 'images' }) });
		expect(split.items.map(({ json: { set, view } }) => [set, view])).toEqual([
			[1, 1],
			[2, 1],
			[3, 1],
		]);
	});

	it.each([
		[
			'a set that is named several times',
			[
				{ index: 0, url: 'a' },
				{ index: 0, url: 'b' },
				{ index: 1, url: 'c' },
			],
			['1_1 a', '1_2 b', '2_1 c'],
		],
		['sets without an index', [{ url_1: 'a' }, { url_2: 'b' }], ['1_1 a', '2_2 b']],
		['both shapes at once', [{ index: 1, url: 'a', url_1: 'a', url_2: 'b' }], ['2_1 a', '2_2 b']],
		['more views than today', [{ index: 0, url_1: 'a', url_4: 'b' }], ['1_1 a', '1_4 b']],
		[
			'empty and foreign things',
			[null, 7, { index: 2, url_1: '', url_2: 5, url_3: 'a', width: 3 }],
			['3_3 a'],
		],
	])('reads %s', async (_name, images, expected) => {
		giveImages(stage.kling, images);
		const parameters = get('7', { output: 'images', downloadImages: false });
		const run = await stage.engine.runNode({ parameters });
		const found = run.items.map(
			({ json }) => `${Number(json.set)}_${Number(json.view)} ${json.url as string}`,
		);
		expect(found).toEqual(expected);
	});

	it.each([undefined, null, 'none', {}, []])(
		'hands on the task where images is %j',
		async (images) => {
			giveImages(stage.kling, images);
			const run = await stage.engine.runNode({ parameters: get('7', { output: 'images' }) });
			expect(run.error).toBeUndefined();
			expect(run.items).toHaveLength(1);
			expect(run.items[0]?.json).toMatchObject({ task_id: '7', task_status: 'succeed' });
		},
	);
});

describe('the other operations', () => {
	const waited = { options: { pollInterval: 1 }, downloadImages: true, output: 'images' };

	it('Wait for Task downloads what it has waited for', async () => {
		const { task_id } = stage.kling.createTask();
		const parameters = { operation: 'wait', taskId: task_id, ...waited, output: 'task' };
		const run = await stage.engine.runNode({ parameters });
		expect(run.error).toBeUndefined();
		expect(run.items[0]?.json).toMatchObject({ task_id, completed: true });
		expect(await storedIn(stage, run.items[0])).toHaveLength(9);
	});

	it('Create Task downloads what it has created', async () => {
		const imageUrl = stage.kling.imageUrl(await makeImage({ width: 400, height: 400 }));
		const parameters = { operation: 'create', imageSource: 'url', imageUrl, ...waited };
		const run = await stage.engine.runNode({ parameters });
		expect(run.error).toBeUndefined();
		expect(run.items).toHaveLength(9);
		expect(sizeOf((await storedIn(stage, run.items[8]))[0]!.bytes)).toMatch(/×/);
		expect(stage.kling.count('create')).toBe(1);
	});

	it('Create Task gives nine items with files by default, each with what is known of its task', async () => {
		const imageUrl = stage.kling.imageUrl(await makeImage({ width: 400, height: 400 }));
		const parameters = { operation: 'create', imageUrl, options: { externalTaskId: 'mug-1' } };
		const run = await stage.engine.runNode({ parameters });
		expect(run.error).toBeUndefined();
		expect(run.items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual(
			Array(9).fill(['data']),
		);
		expect(run.items[0]?.json).toMatchObject({
			set: 1,
			view: 1,
			external_task_id: 'mug-1',
			completed: true,
			front_image_url: imageUrl,
		});
	});

	it('Create Task without waiting has no images, whatever the hidden fields say', async () => {
		const imageUrl = stage.kling.imageUrl(await makeImage({ width: 400, height: 400 }));
		const parameters = { operation: 'create', imageSource: 'url', imageUrl, ...waited };
		const run = await stage.engine.runNode({
			parameters: { ...parameters, waitForCompletion: false },
		});
		expect(run.items).toHaveLength(1);
		expect(run.items[0]?.json).toMatchObject({ task_status: 'submitted' });
		expect(images()).toHaveLength(0);
	});

	it.each<[INodeParameters, boolean]>([
		[{ operation: 'get' }, true],
		[{ operation: 'wait' }, true],
		[{ operation: 'create' }, true],
		[{ operation: 'create', waitForCompletion: false }, false],
		[{ operation: 'list' }, false],
	])('show the fields with %j: %s', (given, shown) => {
		const { description } = new KlingAiMultiShot();
		const node = { typeVersion: 1 } as INode;
		const values = NodeHelpers.getNodeParameters(
			...([description.properties, given, true, false, node, description] as const),
		);
		expect(values).toEqual(
			shown
				? expect.objectContaining({ downloadImages: true, output: 'images' })
				: expect.not.objectContaining({ output: expect.anything() as unknown }),
		);
		const fields = description.properties.filter(({ name }) =>
			/^(downloadImages|output)$/.test(name),
		);
		expect(fields.every(({ noDataExpression }) => noDataExpression)).toBe(true);
	});
});

describe('as an AI tool', () => {
	it.each(['engine', 'classic'] as const)(
		'keeps the URLs in the JSON (%s agent)',
		async (asTool) => {
			for (const output of ['task', 'images']) {
				const { task_id } = finishedTask(stage.kling);
				const parameters = get(task_id, { output });
				const run = await stage.engine.runNode({ parameters, asTool, mode: 'trigger' });
				const reply = JSON.stringify(run.node('Agent').items);
				for (const key of KEYS) {
					const [set, view] = key.split('_').map(Number);
					expect(reply).toContain(`/views/${task_id}/${addressOf(set, view)}.png?`);
				}
				expect(stage.kling.count('view')).toBe(0);
			}
		},
	);
});
