import { otherFormat, makeImage, startKling, truncatedImage, type Kling } from '../../kling';
import { call, create, dataOf, get } from './client';

let kling: Kling;
let good: string;
beforeAll(async () => {
	kling = await startKling();
	good = (await makeImage()).toString('base64');
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const codeOf = async (body: Record<string, unknown>) => (await create(kling, body)).body.code;
const withImage = async (image: Buffer | string) =>
	await create(kling, {
		element_frontal_image: typeof image === 'string' ? image : image.toString('base64'),
	});

it('a task is made, with an id that no Number holds', async () => {
	const before = Date.now();
	const task = dataOf(await create(kling, { element_frontal_image: good, external_task_id: 'a' }));
	expect(task).toEqual({
		task_id: expect.stringMatching(/^\d{17}[13579]$/) as string,
		task_status: 'submitted',
		task_info: { external_task_id: 'a' },
		created_at: expect.any(Number) as number,
		updated_at: task.created_at,
	});
	expect(String(Number(task.task_id))).not.toBe(task.task_id);
	expect(task.created_at).toBeGreaterThanOrEqual(before);
	expect(kling.tasks[0]).toMatchObject({
		charged: true,
		image: {
			bytes: (await makeImage()).length,
			sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
		},
	});
});

it.each<[string, unknown, number, string?]>([
	['no image', {}, 1200, 'is required'],
	['an empty image', { element_frontal_image: '' }, 1201, 'not empty'],
	['a number for an image', { element_frontal_image: 5 }, 1201, 'a string'],
	['an unknown key', { element_frontal_image: 'x', model: 'kling-v1' }, 1201, 'model'],
	[
		'an empty option',
		{ element_frontal_image: 'x', external_task_id: '' },
		1201,
		'external_task_id',
	],
	[
		'a callback that is no URL',
		{ element_frontal_image: 'x', callback_url: 'here' },
		1201,
		'callback_url',
	],
	['an array', [], 1200],
	['null', null, 1200],
	['no JSON', '{"element_frontal_image":', 1200],
])('%s is refused', async (_name, body, code, part = '') => {
	const answer = await call(kling, 'POST', '', { body: body === null ? 'null' : body });
	expect([answer.status, answer.body.code]).toEqual([400, code]);
	expect(answer.body.message).toContain(part);
	expect(answer.body).not.toHaveProperty('data');
	expect(kling.tasks).toHaveLength(0);
});

it('JSON under another content type is refused', async () => {
	const body = { element_frontal_image: good };
	expect((await call(kling, 'POST', '', { body, type: 'text/plain' })).body.code).toBe(1200);
});

describe('the image', () => {
	it.each<[string, () => Buffer | Promise<Buffer>, string]>([
		['300 x 300', () => makeImage({ width: 300, height: 300 }), ''],
		['JPEG', () => makeImage({ width: 400, height: 400, type: 'jpeg' }), ''],
		['2.5 : 1', () => makeImage({ width: 750, height: 300 }), ''],
		['1 : 2.5', () => makeImage({ width: 300, height: 750 }), ''],
		['299 wide', () => makeImage({ width: 299, height: 300 }), 'pixel'],
		['299 high', () => makeImage({ width: 300, height: 299, type: 'jpeg' }), 'pixel'],
		['wider than 2.5 : 1', () => makeImage({ width: 751, height: 300 }), 'ratio'],
		['higher than 1 : 2.5', () => makeImage({ width: 300, height: 751 }), 'ratio'],
		['just 10 MB', () => makeImage({ minimumBytes: 10 * 1024 ** 2 - 100 }), ''],
		['over 10 MB', () => makeImage({ minimumBytes: 10 * 1024 ** 2 + 1 }), 'size'],
		['JPEG over 10 MB', () => makeImage({ minimumBytes: 11e6, type: 'jpeg' }), 'size'],
		['GIF', () => otherFormat('gif'), 'format'],
		['WebP', () => otherFormat('webp'), 'format'],
		['BMP', () => otherFormat('bmp'), 'format'],
		['SVG', () => otherFormat('svg'), 'format'],
		['HTML', () => otherFormat('html'), 'format'],
		['a PNG of 20 bytes', async () => (await makeImage()).subarray(0, 20), 'format'],
		['half a PNG', () => truncatedImage(), 'format'],
		['half a JPEG', () => truncatedImage({ type: 'jpeg' }), 'format'],
	])('%s', async (_name, image, complaint) => {
		const { status, body } = await withImage(await image());
		expect([status, body.code]).toEqual(complaint ? [400, 1201] : [200, 0]);
		expect(body.message.toLowerCase()).toContain(complaint);
	});

	it.each<[string, (base64: string) => string]>([
		['a data: prefix', (base64) => `data:image/png;base64,${base64}`],
		['a line break', (base64) => `${base64.slice(0, 76)}\n${base64.slice(76)}`],
		['URL-safe letters', (base64) => `-_-_${base64}`],
		['a missing letter', (base64) => base64.slice(1)],
	])('base64 with %s', async (_name, spoil) => {
		const { body } = await withImage(spoil(good));
		expect(body).toMatchObject({ code: 1201, message: 'File is not in a valid base64 format' });
	});

	it('is fetched from a URL, over redirects', async () => {
		const url = kling.serve('mug.bin', await makeImage(), { contentType: 'text/plain' });
		const redirect = kling.serve('moved', Buffer.alloc(0), { redirectTo: url });
		expect((await withImage(redirect)).body.code).toBe(0);
		expect(kling.tasks[0]?.image.bytes).toBe((await makeImage()).length);
		expect(kling.count('file')).toBe(2);
		expect(kling.requests.at(-1)?.headers['user-agent']).toBe('local-kling');
	});

	it('is not fetched from elsewhere, nor over a redirect to elsewhere', async () => {
		const there = ['http://192.0.2.1/a.png', 'https://images.example/a.png'];
		const redirect = kling.serve('away', Buffer.alloc(0), { redirectTo: there[0] ?? '' });
		for (const url of [...there, redirect]) {
			const { body } = await withImage(url);
			expect(body.code).toBe(1201);
			expect(body.message).toContain('loopback');
		}
	});

	it('cannot be fetched: missing, cut, endless, in a circle', async () => {
		const image = await makeImage();
		const circle = kling.serve('circle', image, { redirectTo: '/files/circle' });
		const urls = [
			`${kling.baseUrl}/files/missing`,
			kling.serve('cut.png', image, { cut: true }),
			kling.serve('endless.png', image, { endless: true }),
			circle,
		];
		for (const url of urls) {
			const { body } = await withImage(url);
			expect(body.message).toBe(`Failed to download the image: ${url}`);
		}
		for (const { bytes } of kling.requests) expect(bytes).toBeLessThan(50_000_000);
	});

	it('is accepted too small, and fails later, when so switched', async () => {
		kling.switches.smallImage = 'failLater';
		const small = await makeImage({ width: 200, height: 200 });
		const { task_id } = dataOf(await withImage(small));
		await kling.move(task_id, 'succeed');
		expect(dataOf(await get(kling, `/${task_id}`))).toMatchObject({
			task_status: 'failed',
			task_status_msg: 'Image pixel is invalid',
		});
	});
});

describe('an external id', () => {
	const body = () => ({ element_frontal_image: good, external_task_id: 'mine' });

	it('is taken once', async () => {
		expect(await codeOf(body())).toBe(0);
		const again = await create(kling, body());
		expect(again.status).toBe(400);
		expect(again.body).toMatchObject({
			code: 1201,
			message: 'External_task_id mine already exists',
		});
		expect(kling.counters.tasksCharged).toBe(1);
	});

	it('is taken once by two creates at the same time', async () => {
		const url = kling.serve('slow.png', await makeImage(), { delayMs: 150 });
		const both = { element_frontal_image: url, external_task_id: 'mine' };
		const codes = await Promise.all([codeOf(both), codeOf(both)]);
		expect(codes.sort()).toEqual([0, 1201]);
		expect(kling.counters.maxParallel.create).toBe(2);
	});

	it('switches: not unique, worded otherwise, another code', async () => {
		await codeOf(body());
		kling.switches.duplicateMessage = '{id} is in use';
		kling.switches.duplicateCode = 1200;
		expect((await create(kling, body())).body).toMatchObject({
			code: 1200,
			message: 'mine is in use',
		});
		kling.switches.externalIdsUnique = false;
		const newest = dataOf(await create(kling, body()));
		expect(dataOf(await get(kling, '/mine')).task_id).toBe(newest.task_id);
	});
});

describe('limits', () => {
	const body = () => ({ element_frontal_image: good });

	it('slots are held from the create to the end, by tasks made elsewhere too', async () => {
		kling.slots = 2;
		const elsewhere = kling.createTask({ status: 'processing' });
		const { task_id } = dataOf(await create(kling, body()));
		const full = await create(kling, body());
		expect(full.status).toBe(429);
		expect(full.body).toMatchObject({
			code: 1303,
			message: 'parallel task over resource pack limit',
		});
		await kling.move(task_id, 'processing');
		expect(await codeOf(body())).toBe(1303);
		await kling.move(elsewhere.task_id, 'failed');
		expect(await codeOf(body())).toBe(0);
		expect(kling.counters).toMatchObject({ tasksMade: 3, tasksCharged: 2, maxRunning: 2 });
	});

	it('a known external id is told before a full account, or after', async () => {
		kling.slots = 1;
		const mine = { ...body(), external_task_id: 'mine' };
		await codeOf(mine);
		expect(await codeOf(mine)).toBe(1201);
		kling.switches.slotsCheckedFirst = true;
		expect(await codeOf(mine)).toBe(1303);
	});

	it('creates a second, and no limit for queries', async () => {
		kling.switches.createsPerSecond = 2;
		const codes = [await codeOf(body()), await codeOf(body()), await codeOf(body())];
		expect(codes).toEqual([0, 0, 1302]);
		expect((await get(kling, '')).status).toBe(200);
		kling.clockOffsetMs += 1001;
		expect(await codeOf(body())).toBe(0);
	});
});
