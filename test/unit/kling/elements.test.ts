import { makeImage, startKling, type Kling, type Operation } from '../../kling';
import { askElements } from './client';

let kling: Kling;
let image: string;
beforeAll(async () => {
	kling = await startKling();
	image = (await makeImage({ width: 300, height: 300 })).toString('base64');
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const OWN = '/v1/general/advanced-custom-elements';
const PRESETS = '/v1/general/advanced-presets-elements';
const DELETE = ['/v1/general/delete-elements', '/v1/general/delete-advanced-elements'] as const;

const ask = async (method: string, path: string, body?: unknown) =>
	await askElements(kling, method, path, body);

interface Envelope {
	code: number;
	message: string;
	data?: Array<Record<string, unknown>> & Record<string, unknown>;
}

const parsed = (text: string) => JSON.parse(text) as Envelope;
const create = async (body: object) => parsed(await ask('POST', OWN, body));
const get = async (id: string) => parsed(await ask('GET', `${OWN}/${id}`)).data;
const listed = async (query = '', path = OWN) =>
	(parsed(await ask('GET', path + query)).data ?? []).map(({ task_id }) => task_id);
const deleteById = async (digits: string, path: string = DELETE[0]) =>
	await ask('POST', path, `{"element_id":${digits}}`);

const body = (changes: object = {}) => ({
	element_name: 'Sneaker',
	element_description: 'A red sneaker',
	reference_type: 'image_refer',
	element_image_list: { frontal_image: image, refer_images: [{ image_url: image }] },
	...changes,
});

const idOf = (answer: Envelope) => String(answer.data?.task_id);

describe('create and get', () => {
	it('a task that ends as an element with every documented field', async () => {
		const given = {
			tag_list: [{ tag_id: 'o_104' }],
			element_voice_id: 'v1',
			external_task_id: 'a',
		};
		const answer = await create(body(given));
		const task_id = idOf(answer);
		expect(answer.data).toEqual({
			task_id,
			task_status: 'submitted',
			task_info: { external_task_id: 'a' },
			created_at: expect.any(Number) as number,
			updated_at: expect.any(Number) as number,
		});
		expect(await get(task_id)).toMatchObject({ task_status: 'submitted', task_result: {} });
		await kling.move(task_id, 'succeed');
		const seen = await get('a');
		expect(seen).toMatchObject({
			task_id,
			task_status: 'succeed',
			task_info: { external_task_id: 'a' },
			final_unit_deduction: '0',
			final_balance_deduction: { quota: '0', list_price: '0' },
		});
		const hosted = expect.stringContaining(`${kling.baseUrl}/files/`) as string;
		expect((seen?.task_result as { elements: unknown[] }).elements).toEqual([
			{
				element_id: expect.any(Number) as number,
				element_name: 'Sneaker',
				element_description: 'A red sneaker',
				reference_type: 'image_refer',
				element_image_list: { frontal_image: hosted, refer_images: [{ image_url: hosted }] },
				element_voice_info: { voice_id: 'v1' },
				tag_list: [{ tag_id: 'o_104' }],
				owned_by: expect.stringMatching(/^\d+$/) as string,
				status: 'succeed',
			},
		]);
		expect(kling.counters).toMatchObject({ elementsMade: 1, tasksMade: 0, tasksCharged: 0 });
	});

	it('the id is a number literal above 2^53, or of 15 digits, digit for digit', async () => {
		for (const digits of [18, 15] as const) {
			kling.switches.elementIdDigits = digits;
			const task_id = idOf(await create(body()));
			await kling.move(task_id, 'succeed');
			const { element_id } = kling.elements.at(-1) ?? {};
			expect(element_id).toMatch(new RegExp(`^[1-9]\\d{${digits - 1}}$`));
			expect(String(Number(element_id)) === element_id).toBe(digits === 15);
			for (const path of [`${OWN}/${task_id}`, OWN])
				expect(await ask('GET', path)).toContain(`"element_id":${element_id},`);
		}
	});

	it('text that reads like an id stays text', async () => {
		const element_description = '"element_id":"12"';
		const { task_id } = kling.createElement({ element_description });
		expect(await ask('GET', `${OWN}/${task_id}`)).toContain(JSON.stringify(element_description));
	});

	it('a failed task has no element', async () => {
		const { task_id } = kling.createElement({ status: 'submitted' });
		await kling.move(task_id, 'failed', { task_status_msg: 'no subject found' });
		expect(await get(task_id)).toMatchObject({
			task_status: 'failed',
			task_status_msg: 'no subject found',
			task_result: {},
		});
		expect(kling.elements).toEqual([]);
	});

	it('images are fetched; an expired view is refused', async () => {
		const { task_id } = kling.createTask({ status: 'succeed' });
		const views = async () => await ask('GET', `/v1/general/ai-multi-shot/${task_id}`);
		const [image_url = ''] = /http[^"]+/.exec(await views()) ?? [];
		const list = { frontal_image: image, refer_images: [{ image_url }] };
		expect((await create(body({ element_image_list: list }))).code).toBe(0);
		kling.clockOffsetMs += 31 * 86_400_000;
		const { code, message } = await create(body({ element_image_list: list }));
		expect([code, message]).toEqual([1201, `Failed to download the image: ${image_url}`]);
	});
});

const images = (count: number) => ({
	element_image_list: {
		frontal_image: image,
		refer_images: Array.from({ length: count }, () => ({ image_url: image })),
	},
});

it.each<[string, object, number, string]>([
	['no name', { element_name: undefined }, 1200, 'element_name is required'],
	['a name of 21 characters', { element_name: 'S'.repeat(21) }, 1201, 'at most 20'],
	['no description', { element_description: undefined }, 1200, 'is required'],
	['a description of 101 characters', { element_description: 'd'.repeat(101) }, 1201, '100'],
	['a name that is a number', { element_name: 5 }, 1201, 'element_name must be a string'],
	['no reference_type', { reference_type: undefined }, 1200, 'reference_type is required'],
	['another reference_type', { reference_type: 'text' }, 1201, 'reference_type text: invalid'],
	['a video', { reference_type: 'video_refer' }, 1201, 'makes no elements of videos'],
	['no images', { element_image_list: undefined }, 1200, 'element_image_list is required'],
	['no front image', { element_image_list: { refer_images: [] } }, 1200, 'frontal_image'],
	['an unknown tag', { tag_list: [{ tag_id: 'o_109' }] }, 1201, 'Unknown tag'],
	['tags as text', { tag_list: ['o_101'] }, 1201, 'Unknown tag: "o_101"'],
	['an unknown key', { name: 'Sneaker' }, 1201, 'Unknown key: name'],
	['a callback that is no URL', { callback_url: 'here' }, 1201, 'callback_url'],
	['an empty external id', { external_task_id: '' }, 1201, 'external_task_id'],
])('%s is refused', async (_name, changes, code, message) => {
	const answer = await create(body(changes));
	expect([answer.code, answer.message]).toEqual([code, expect.stringContaining(message) as string]);
	expect(kling.elementTasks).toEqual([]);
});

it('one to three reference images, names of 20 characters', async () => {
	for (const count of [0, 4]) {
		const { code, message } = await create(body(images(count)));
		expect([code, message]).toEqual([1201, 'refer images must be between 1 and 3']);
	}
	const longest = { element_name: '🤖'.repeat(20), element_description: 'd'.repeat(100) };
	for (const count of [1, 3])
		expect((await create(body({ ...images(count), ...longest }))).code).toBe(0);
});

it('every image keeps the image rules', async () => {
	const small = (await makeImage({ width: 200, height: 300 })).toString('base64');
	const list = { frontal_image: image, refer_images: [{ image_url: small }] };
	expect((await create(body({ element_image_list: list }))).message).toContain('pixel');
	kling.switches.smallImage = 'failLater';
	const task_id = idOf(await create(body({ element_image_list: list })));
	await kling.move(task_id, 'succeed');
	expect(await get(task_id)).toMatchObject({ task_status: 'failed' });
});

describe('lists', () => {
	it('own tasks, newest first, in pages; a deleted element says so, or is gone', async () => {
		const ids = [1, 2, 3].map((at) => kling.createElement({ created_at: at }).task_id).reverse();
		expect(await listed()).toEqual(ids);
		expect(await listed('?pageNum=2&pageSize=2')).toEqual([ids[2]]);
		expect(parsed(await ask('GET', `${OWN}?pageSize=501`)).code).toBe(1201);
		await deleteById(kling.elements[0]?.element_id ?? '');
		expect(await ask('GET', OWN)).toContain('"status":"deleted"');
		kling.switches.deletedElements = 'hidden';
		expect(await listed()).toEqual(ids.slice(0, 2));
	});

	it("Kling's presets, in pages, above 2^53, still there after a reset", async () => {
		kling.reset();
		const text = await ask('GET', PRESETS);
		expect(text).toMatch(/"element_id":700000000000000103,/);
		expect(text.match(/"owned_by":"kling","status":"succeed"/g)).toHaveLength(3);
		expect(await listed('?pageNum=2&pageSize=2', PRESETS)).toHaveLength(1);
		expect(await listed()).toEqual([]);
	});
});

describe('delete', () => {
	const made = () => {
		const { task_id } = kling.createElement();
		const element = kling.elements.find((one) => one.task_id === task_id);
		return { task_id, id: element?.element_id ?? '' };
	};

	it.each(DELETE)('%s, and again', async (path) => {
		const { task_id, id } = made();
		expect(await deleteById(id, path)).toContain(`"data":{"element_id":${id},`);
		expect(await ask('GET', `${OWN}/${task_id}`)).toContain('"status":"deleted"');
		for (const other of DELETE)
			expect(parsed(await deleteById(id, other))).toMatchObject({
				code: 1201,
				message: `Element ${id} already be deleted`,
			});
		kling.switches.deletedAgain = 'accepted';
		expect(parsed(await deleteById(id)).code).toBe(0);
	});

	it('success without data', async () => {
		kling.switches.deleteAnswer = 'noData';
		const answer = parsed(await deleteById(made().id));
		expect(Object.keys(answer)).toEqual(['code', 'message', 'request_id']);
	});

	it('digits are not rounded: the neighbour is not deleted', async () => {
		const { id } = made();
		expect(parsed(await deleteById(String(Number(id)))).message).toContain('Element not found');
		expect(kling.elements[0]?.status).toBe('succeed');
	});

	it.each([
		['text', '{"element_id":"829836802793406551"}'],
		['a fraction', '{"element_id":1.5}'],
		['an exponent', '{"element_id":8e17}'],
		['nothing', '{}'],
		['another key beside it', '{"element_id":1,"force":true}'],
	])('%s is refused', async (_name, text) => {
		const { code, message } = parsed(await ask('POST', DELETE[0], text));
		expect([1200, 1201]).toContain(code);
		expect(message).not.toContain('not found');
	});

	it('a preset, and what is not finished', async () => {
		expect(parsed(await deleteById('700000000000000101')).message).toContain('owned by kling');
		kling.createElement({ status: 'processing' });
		expect(kling.elements).toEqual([]);
	});
});

it.each<[string, string, Operation, number]>([
	['DELETE', OWN, 'unknown', 1202],
	['POST', `${OWN}/1`, 'unknown', 1202],
	['GET', DELETE[0], 'unknown', 1202],
	['POST', PRESETS, 'unknown', 1202],
	['GET', `${PRESETS}/1`, 'unknown', 1203],
	['GET', `${OWN}/1`, 'getElement', 1201],
])('%s %s is %s, code %i', async (method, path, operation, code) => {
	expect(parsed(await ask(method, path)).code).toBe(code);
	expect(kling.requests[0]?.operation).toBe(operation);
});
