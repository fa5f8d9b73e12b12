import { useStage } from '../../../../support/stage';
import { CREATE, frontOf, imageItems, runElement } from '../stage';

const DAY_MS = 24 * 60 * 60 * 1000;
const CONTINUE = { onError: 'continueRegularOutput' } as const;

const stage = useStage({ durationMs: [50, 150] });

beforeEach(() => stage.kling.reset());

const sent = () =>
	stage.kling.requests
		.filter(({ operation }) => operation === 'createElement')
		.map(({ body }) => body as Record<string, unknown>);

describe('from views', () => {
	it('nine items of one task give one element, paired with all of them', async () => {
		const items = await imageItems(stage.kling);
		const task_id = items[0]?.json.task_id;
		const run = await runElement(stage, CREATE, { items });
		const [element] = stage.kling.elements;

		expect(run.error).toBeUndefined();
		expect(run.items).toEqual([
			{
				json: {
					element_id: element?.element_id,
					element_name: 'Red sneaker',
					element_description: 'A red sneaker with a white sole',
					tags: [],
					status: 'succeed',
					owned_by: element?.owned_by,
					task_id: stage.kling.elementTasks[0]?.task_id,
					external_task_id: `element-${task_id}-1`,
					units_charged: '0',
				},
				pairedItem: items.map((_, item) => ({ item })),
			},
		]);
		expect(stage.kling.counters.elementTasksMade).toBe(1);
		expect(stage.kling.count('get')).toBe(1);
	});

	it('sends the front image, the three views of the set, and the tags', async () => {
		const [first] = await imageItems(stage.kling);
		const parameters = { ...CREATE, set: '2', tags: ['o_104', 'Character'] };
		const run = await runElement(stage, parameters, { items: [first ?? { json: {} }] });
		const task = await stage.engine.runNode({
			parameters: { operation: 'get', downloadImages: false, output: 'task' },
			items: [{ json: { task_id: first?.json.task_id } }],
		});
		const urls = (task.items[0]?.json.image_urls as string[]).slice(3, 6);

		expect(sent()).toEqual([
			{
				element_name: 'Red sneaker',
				element_description: 'A red sneaker with a white sole',
				reference_type: 'image_refer',
				element_image_list: {
					frontal_image: first?.json.front_image_url,
					refer_images: urls.map((image_url) => ({ image_url })),
				},
				tag_list: [{ tag_id: 'o_104' }, { tag_id: 'o_102' }],
				external_task_id: `element-${first?.json.task_id}-2`,
			},
		]);
		expect(run.items[0]?.json.tags).toEqual(['Item', 'Character']);
	});

	it('All gives three elements, whose numbered names fit', async () => {
		const items = await imageItems(stage.kling);
		const elementName = 'A name of twenty ch.';
		const run = await runElement(stage, { ...CREATE, elementName, set: 'all' }, { items });

		expect(elementName).toHaveLength(20);
		expect(run.items.map(({ json }) => json.element_name)).toEqual([
			'A name of twenty c 1',
			'A name of twenty c 2',
			'A name of twenty c 3',
		]);
		expect(new Set(run.items.map(({ json }) => json.element_id)).size).toBe(3);
		for (const { pairedItem } of run.items) expect(pairedItem).toHaveLength(9);
		expect(stage.kling.counters.elementTasksMade).toBe(3);
	});

	it('running it again gives the same element', async () => {
		const items = await imageItems(stage.kling);
		const first = await runElement(stage, CREATE, { items });
		const second = await runElement(stage, CREATE, { items });

		expect(second.items[0]?.json).toEqual({ ...first.items[0]?.json, reused: true });
		expect(stage.kling.counters.elementTasksMade).toBe(1);
		expect(second.hints.map(({ message }) => message).join()).toContain('Created: 0, reused: 1');
	});

	it.each(['failed', 'was deleted'])(
		'an element that %s is created under the next id',
		async (how) => {
			const items = await imageItems(stage.kling);
			const base = `element-${items[0]?.json.task_id}-1`;
			if (how === 'failed') stage.kling.createElement({ external_task_id: base, status: 'failed' });
			else {
				const { items: made } = await runElement(stage, CREATE, { items });
				const element_id = made[0]?.json.element_id as string;
				await runElement(stage, { operation: 'delete' }, { items: [{ json: { element_id } }] });
			}
			const run = await runElement(stage, CREATE, { items });

			expect(run.error).toBeUndefined();
			expect(run.items[0]?.json).toMatchObject({
				status: 'succeed',
				external_task_id: `${base}-2`,
			});
			expect(run.items[0]?.json).not.toHaveProperty('reused');
			expect(run.hints.map(({ message }) => message).join()).toContain(
				`${how}: the new one's ID ends with -2`,
			);
			const again = await runElement(stage, CREATE, { items });
			expect(again.items[0]?.json.element_id).toBe(run.items[0]?.json.element_id);
		},
	);

	it('an element and a task may have the same External Task ID', async () => {
		const [item] = await imageItems(stage.kling, 'sneaker-42');
		const parameters = { ...CREATE, options: { externalTaskId: 'sneaker-42' } };
		const run = await runElement(stage, parameters, { items: [item ?? { json: {} }] });

		expect(run.items[0]?.json).toMatchObject({
			status: 'succeed',
			external_task_id: 'sneaker-42',
		});
	});
});

describe('refused before anything is created', () => {
	const refused = async (parameters: object, json?: object) => {
		const [item] = await imageItems(stage.kling);
		const run = await runElement(
			stage,
			{ ...CREATE, ...parameters },
			{ items: [{ json: { ...item?.json, ...json } }] },
		);
		expect(stage.kling.count('createElement')).toBe(0);
		return `${run.error?.message}\n${run.error?.description}`;
	};

	it('expired views, with the time', async () => {
		const updated_at = Date.now() - 31 * DAY_MS;
		const { task_id } = stage.kling.createTask({
			status: 'succeed',
			created_at: updated_at,
			updated_at,
		});
		const said = await refused({}, { task_id });

		expect(said).toContain(`Task ${task_id} no longer has its views: they expired at`);
		expect(said).toContain('Kling deletes images after 30 days');
		expect(said).toContain('Nothing was created or charged for this item.');
	});

	it('a task that has not finished, failed, or is not known', async () => {
		const { task_id } = stage.kling.createTask({ status: 'failed', task_status_msg: 'Too dark' });
		expect(await refused({}, { task_id })).toContain('failed and has no views: Too dark');
		const said = await refused({}, { task_id: '999999999999999999' });
		expect(said).toContain('Kling could not get task 999999999999999999');
	});

	it.each([
		[{ elementName: 'A name of twenty-one ' + 'x' }, 'Name has 22 characters, the maximum is 20'],
		[{ elementName: ' ' }, 'Name is empty'],
		[{ elementDescription: 'x'.repeat(101) }, 'Description has 101 characters'],
		[{ tags: ['Shoe'] }, 'Tags has "Shoe", which is not a tag'],
		[{ set: 4 }, 'Set is 4'],
		[{ imageUrl: '={{ $json.nothing }}' }, 'Image URL is empty'],
		[{ from: 'images', referenceUrls: '={{ $json.nothing }}' }, 'Reference Image URLs is empty'],
	])('%j', async (parameters, message) => {
		expect(await refused(parameters)).toContain(message);
	});
});

describe('from images', () => {
	it('a front image and up to three others, by URL', async () => {
		const front = await frontOf(stage.kling);
		const parameters = {
			...CREATE,
			from: 'images',
			imageUrl: front,
			referenceUrls: `${front}?a=1,2, ${front}?b\n${front}?c`,
		};
		const run = await runElement(stage, parameters);

		expect(run.error).toBeUndefined();
		expect(sent()[0]?.element_image_list).toEqual({
			frontal_image: front,
			refer_images: ['?a=1,2', '?b', '?c'].map((query) => ({ image_url: front + query })),
		});
		expect(run.items[0]?.json).not.toHaveProperty('external_task_id');
	});

	it.each([
		['images', ['External Task ID is empty for item 0: a later run creates a new element for it.']],
		// From Views, the ID of task and set takes its place.
		['views', []],
	])('from %s, an expression that gives no External Task ID', async (from, expected) => {
		const [item] = await imageItems(stage.kling);
		const front = await frontOf(stage.kling);
		const options = { externalTaskId: '={{ $json.nothing }}' };
		const images = from === 'images' ? { imageUrl: front, referenceUrls: front } : {};
		const run = await runElement(
			stage,
			{ ...CREATE, from, ...images, options },
			{ items: [item ?? { json: {} }] },
		);

		expect(run.error).toBeUndefined();
		const hints = run.hints.map(({ message }) => message);
		expect(hints.filter((hint) => hint.includes('is empty'))).toEqual(expected);
	});

	it('by files', async () => {
		const { makeImage } = await import('../../../../kling');
		const content = await makeImage({ width: 300, height: 300, type: 'png' });
		const file = () => stage.engine.binary({ content });
		const items = [{ json: {}, binary: { data: await file(), left: await file() } }];
		const parameters = {
			...CREATE,
			from: 'images',
			imageSource: 'binary',
			referenceSource: 'binary',
			referenceBinaryFields: 'left, data',
		};
		const run = await runElement(stage, parameters, { items });

		expect(run.error).toBeUndefined();
		expect(run.items[0]?.json.status).toBe('succeed');
		const missing = { ...parameters, referenceBinaryFields: 'right' };
		const refusal = await runElement(stage, missing, { items });
		expect(refusal.error?.message).toBe(
			'Reference Binary Fields names "right", which is not a file of the input item',
		);
	});
});

it('under Continue On Fail one set that fails is an item beside the others', async () => {
	const [item] = await imageItems(stage.kling);
	stage.kling.fault({ on: 'createElement', kind: 'error', code: 1301, skip: 1 });
	const parameters = { ...CREATE, set: 'all', options: { maxConcurrent: 1 } };
	const run = await runElement(stage, parameters, {
		items: [item ?? { json: {} }],
		nodeSettings: CONTINUE,
	});

	expect(run.items.map(({ json }) => json.error !== undefined)).toEqual([false, true, false]);
	expect(run.items[1]?.json.details).toContain('Nothing was created or charged for set 2.');
	expect(stage.kling.counters.elementTasksMade).toBe(2);
});

it('an error that ends the run names what was created, also of the same item', async () => {
	const [item] = await imageItems(stage.kling);
	stage.kling.fault({ on: 'createElement', kind: 'error', code: 1301, skip: 1 });
	const parameters = { ...CREATE, set: 'all', options: { maxConcurrent: 1 } };
	const run = await runElement(stage, parameters, { items: [item ?? { json: {} }] });

	const [made] = stage.kling.elementTasks;
	expect(run.error?.description).toContain(`Item 0 (set 1): created (${made?.task_id}).`);
	expect(run.error?.description).toContain(
		'Items 0 (set 2), 0 (set 3): nothing created or charged.',
	);
});

it('an error of one set waits for the creates of the others, and names what they made', async () => {
	const [item] = await imageItems(stage.kling);
	stage.kling.fault({ on: 'createElement', kind: 'slow', delayMs: 400 });
	stage.kling.fault({ on: 'createElement', kind: 'error', code: 1301, skip: 1 });
	const run = await runElement(stage, { ...CREATE, set: 'all' }, { items: [item ?? { json: {} }] });

	expect(stage.kling.elementTasks).not.toHaveLength(0);
	for (const { task_id } of stage.kling.elementTasks)
		expect(run.error?.description).toContain(task_id);
});

it('without waiting, the task comes out at once', async () => {
	const items = await imageItems(stage.kling);
	const run = await runElement(stage, { ...CREATE, waitForCompletion: false }, { items });

	expect(run.items[0]?.json).toMatchObject({
		status: 'submitted',
		task_id: stage.kling.elementTasks[0]?.task_id,
	});
	expect(run.items[0]?.json).not.toHaveProperty('element_id');
});

it.each(['engine', 'classic'] as const)('an AI agent can call it (%s)', async (asTool) => {
	const [item] = await imageItems(stage.kling);
	const run = await runElement(
		stage,
		{
			...CREATE,
			taskId: { __rl: true, mode: 'id', value: "={{ $fromAI('Task_ID') }}" },
			imageUrl: "={{ $fromAI('Image_URL') }}",
		},
		{
			asTool,
			items: [{ json: { Task_ID: item?.json.task_id, Image_URL: item?.json.front_image_url } }],
		},
	);

	expect(JSON.stringify(run.items)).toContain(stage.kling.elements[0]?.element_id);
});
