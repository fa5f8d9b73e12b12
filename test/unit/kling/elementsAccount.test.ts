import { makeImage, startKling, type Kling } from '../../kling';
import { startReceiver } from '../../support/receiver';
import { askElements as ask } from './client';

let kling: Kling;
let image: string;
beforeAll(async () => {
	kling = await startKling();
	image = (await makeImage({ width: 300, height: 300 })).toString('base64');
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const OWN = '/v1/general/advanced-custom-elements';
const MULTI_SHOT = '/v1/general/ai-multi-shot';
const DELETE = '/v1/general/delete-elements';

const body = (changes: object = {}) => ({
	element_name: 'Sneaker',
	element_description: 'A red sneaker',
	reference_type: 'image_refer',
	element_image_list: { frontal_image: image, refer_images: [{ image_url: image }] },
	...changes,
});
const create = async (changes?: object) => await ask(kling, 'POST', OWN, body(changes));
const codeOf = (text: string) => Number(/"code":(\d+)/.exec(text)?.[1]);
const codeOfCreate = async (changes?: object) => codeOf(await create(changes));
const codeOfViews = async (external_task_id: string) =>
	codeOf(await ask(kling, 'POST', MULTI_SHOT, { element_frontal_image: image, external_task_id }));

describe('an external id', () => {
	const mine = { external_task_id: 'mine' };

	it('is taken once, and worded as for Multi-Shot tasks', async () => {
		expect(await codeOfCreate(mine)).toBe(0);
		const again = await create(mine);
		expect(again).toContain('"code":1201,"message":"External_task_id mine already exists"');
		kling.switches.duplicateCode = 1200;
		expect(await codeOfCreate(mine)).toBe(1200);
		kling.switches.externalIdsUnique = false;
		expect(await codeOfCreate(mine)).toBe(0);
		expect(kling.counters).toMatchObject({ elementTasksMade: 2, elementsMade: 0 });
	});

	it('is the endpoint’s own, or the account’s', async () => {
		expect([await codeOfViews('mine'), await codeOfCreate(mine)]).toEqual([0, 0]);
		kling.switches.externalIdsSpanEndpoints = true;
		await codeOfCreate({ external_task_id: 'other' });
		expect(await codeOfViews('other')).toBe(1201);
	});

	it('finds the task unless switched off, and only once it is visible', async () => {
		await create(mine);
		const seen = async () => codeOf(await ask(kling, 'GET', `${OWN}/mine`));
		expect(await seen()).toBe(0);
		kling.switches.getVisibleAfterMs = 20_000;
		expect(await seen()).toBe(1201);
		kling.clockOffsetMs += 20_000;
		kling.switches.lookupByExternalId = false;
		expect(await seen()).toBe(1201);
	});
});

describe('limits', () => {
	it('own slots, or one limit for both endpoints', async () => {
		kling.slots = 1;
		expect([await codeOfViews('a'), await codeOfCreate()]).toEqual([0, 0]);
		expect(await codeOfCreate()).toBe(1303);
		await kling.move(kling.elementTasks[0]?.task_id ?? '', 'succeed');
		kling.switches.elementsShareSlots = true;
		expect(await codeOfCreate()).toBe(1303);
		await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
		expect(await codeOfCreate()).toBe(0);
		expect(await codeOfViews('b')).toBe(1303);
	});

	it('creates a second', async () => {
		kling.switches.createsPerSecond = 1;
		expect([await codeOfCreate(), await codeOfCreate()]).toEqual([0, 1302]);
	});

	it('a content type and a key are asked for', async () => {
		expect(codeOf(await ask(kling, 'POST', OWN, body(), { 'content-type': 'text/plain' }))).toBe(
			1200,
		);
		expect(codeOf(await ask(kling, 'POST', DELETE, {}, { authorization: '' }))).toBe(1001);
	});
});

describe('faults', () => {
	it.each(['before', 'after'] as const)('a create is dropped %s it is made', async (when) => {
		kling.fault({ on: 'createElement', kind: 'drop', when });
		await expect(create()).rejects.toThrow();
		expect(kling.elementTasks).toHaveLength(when === 'after' ? 1 : 0);
	});

	it('strike by external id, task and element', async () => {
		kling.fault({ on: 'createElement', kind: 'error', external_task_id: 'b' });
		expect(await codeOfCreate({ external_task_id: 'a' })).toBe(0);
		expect(await codeOfCreate({ external_task_id: 'b' })).toBe(5000);
		const { task_id } = kling.createElement({ external_task_id: 'c' });
		kling.fault({ on: 'getElement', kind: 'html', task_id });
		expect(await ask(kling, 'GET', `${OWN}/c`)).toContain('<html>');
		const { element_id } = kling.elements[0] ?? {};
		kling.fault({ on: 'deleteElement', kind: 'error', code: 5002, task_id });
		const text = `{"element_id":${element_id}}`;
		expect(codeOf(await ask(kling, 'POST', DELETE, text))).toBe(5002);
		expect(codeOf(await ask(kling, 'POST', DELETE, text))).toBe(0);
	});

	it('lists and presets are operations of their own', async () => {
		const fault = kling.fault({ on: 'listPresets', kind: 'noData', times: 2 });
		expect(await ask(kling, 'GET', OWN)).toContain('"data":[]');
		expect(await ask(kling, 'GET', '/v1/general/advanced-presets-elements')).not.toContain('data');
		expect(fault.hits).toBe(1);
	});
});

it('the log keeps the body as it came, so that the digits can be seen', async () => {
	await ask(kling, 'POST', DELETE, '{"element_id": 829836802793406551}');
	const [request] = kling.requests;
	expect(request?.text).toBe('{"element_id": 829836802793406551}');
	expect(String((request?.body as { element_id: number }).element_id)).not.toBe(
		'829836802793406551',
	);
	await create();
	expect(kling.requests[1]?.text?.length).toBeLessThanOrEqual(10_000);
});

it('callbacks: the documented body carries the digits, the real one no result', async () => {
	const receiver = await startReceiver();
	try {
		kling.switches.callbackBody = 'documented';
		await create({ callback_url: receiver.url, external_task_id: 'a' });
		const [task] = kling.elementTasks;
		await kling.move(task?.task_id ?? '', 'processing');
		await kling.move(task?.task_id ?? '', 'succeed');
		expect(receiver.statuses()).toEqual(['processing', 'succeed']);
		const { element_id } = kling.elements[0] ?? {};
		expect(receiver.received[1]?.raw).toContain(`"element_id":${element_id},`);
		kling.switches.callbackBody = 'real';
		const { task_id } = kling.createElement({ callback_url: receiver.url, status: 'submitted' });
		await kling.move(task_id, 'succeed');
		expect(receiver.received[2]?.raw).not.toContain('element_id');
	} finally {
		await receiver.close();
	}
});

it('in auto mode it ends by itself, as the fate says', async () => {
	const auto = await startKling({ mode: 'auto', durationMs: [20, 40] });
	try {
		auto.fate = ({ external_task_id }) =>
			external_task_id === 'bad' ? { status: 'failed', task_status_msg: 'blurred' } : undefined;
		await ask(auto, 'POST', OWN, body({ external_task_id: 'bad' }));
		await ask(auto, 'POST', OWN, body());
		await auto.until(() =>
			auto.elementTasks.every(({ status }) => ['succeed', 'failed'].includes(status)),
		);
		expect(auto.elementTasks.map(({ status }) => status)).toEqual(['failed', 'succeed']);
		expect(auto.counters).toMatchObject({ elementTasksMade: 2, elementsMade: 1 });
		auto.reset();
		expect(auto.elements).toEqual([]);
	} finally {
		await auto.close();
	}
});
