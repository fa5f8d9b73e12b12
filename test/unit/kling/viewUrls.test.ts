import { createHash } from 'node:crypto';
import axios from 'axios';
import { imageSize } from 'image-size';
import {
	makeImage,
	PRODUCT_URL,
	readProductImage,
	startKling,
	truncatedImage,
	type Kling,
} from '../../kling';
import { create, dataOf, get } from './client';

let kling: Kling;
beforeAll(async () => {
	kling = await startKling();
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

async function urlsOf(task_id: string): Promise<string[]> {
	const { task_result } = dataOf(await get(kling, `/${task_id}`));
	return (task_result?.images ?? []).flatMap(
		({ url_1, url_2, url_3 }) => [url_1, url_2, url_3] as string[],
	);
}

const firstUrl = async (bytes?: Buffer) => {
	const task = kling.createTask({ status: 'succeed', ...(bytes ? { frontImage: bytes } : {}) });
	return (await urlsOf(task.task_id))[0] ?? '';
};

const download = async (url: string, headers: Record<string, string> = {}) =>
	await axios.get<Buffer>(url, {
		headers,
		responseType: 'arraybuffer',
		validateStatus: () => true,
	});

it('nine different images made from the one that was sent, the same each time', async () => {
	const product = readProductImage();
	const task = kling.createTask({ status: 'succeed', frontImage: product });
	const urls = await urlsOf(task.task_id);
	const hashes = new Set<string>();
	for (const url of urls) {
		const { status, data, headers } = await download(url);
		expect([status, headers['content-type'], imageSize(data).type]).toEqual([
			200,
			'image/png',
			'png',
		]);
		hashes.add(createHash('sha256').update(data).digest('hex'));
	}
	expect(hashes.size).toBe(9);
	const again = await download(urls[0] ?? '');
	expect(hashes).toContain(createHash('sha256').update(again.data).digest('hex'));
	const other = await download(await firstUrl(await makeImage({ variant: 1 })));
	expect(again.data.equals(other.data)).toBe(false);
});

it("the product image by the examples' address, without a network", async () => {
	const { task_id } = dataOf(await create(kling, { element_frontal_image: PRODUCT_URL }));
	await kling.move(task_id, 'succeed');
	const [url = ''] = await urlsOf(task_id);
	const own = await download(await firstUrl(readProductImage()));
	expect((await download(url)).data.equals(own.data)).toBe(true);
});

it('JPEG when so switched', async () => {
	kling.switches.viewType = 'jpeg';
	const { data, headers } = await download(
		await firstUrl(await makeImage({ width: 300, height: 400 })),
	);
	expect(headers['content-type']).toBe('image/jpeg');
	expect(imageSize(data)).toMatchObject({ type: 'jpg', width: 320, height: 320 });
});

it('a request with Authorization is refused and counted', async () => {
	const url = await firstUrl();
	expect((await download(url, { authorization: `Bearer ${kling.apiKey}` })).status).toBe(400);
	const input = kling.imageUrl(await makeImage());
	expect((await download(input, { authorization: 'Bearer x' })).status).toBe(400);
	expect((await download(input)).status).toBe(200);
	expect(kling.counters.authorizedViews).toBe(2);
	expect(kling.count('view')).toBe(1);
});

it('an image that does not decode has no views', async () => {
	const { status, data } = await download(await firstUrl(await truncatedImage()));
	expect([status, String(data)]).toEqual([500, expect.stringContaining('Error')]);
});

it('a URL holds for 30 days, and no change to it', async () => {
	const url = await firstUrl();
	expect((await download(url.replace('/0_1', '/0_2'))).status).toBe(403);
	expect((await download(url.replace(/expires=\d/, 'expires=9'))).status).toBe(403);
	expect((await download(url.replace(/\?.*/, ''))).status).toBe(403);
	kling.clockOffsetMs = 30 * 86_400_000 - 5000;
	expect((await download(url)).status).toBe(200);
	kling.clockOffsetMs += 6000;
	expect((await download(url)).status).toBe(403);
});

it('a served file: range, no length, cut, wrong type', async () => {
	const bytes = await makeImage();
	const range = { range: 'bytes=0-99' };
	const part = await download(kling.serve('a.png', bytes, { ranges: true }), range);
	expect([part.status, part.data.length]).toEqual([206, 100]);
	expect((await download(kling.serve('b.png', bytes), range)).status).toBe(200);
	const chunked = await download(
		kling.serve('c.png', bytes, { chunked: true, contentType: 'text/html' }),
	);
	expect(chunked.headers).not.toHaveProperty('content-length');
	expect(chunked.headers['content-type']).toBe('text/html');
	expect(chunked.data.equals(bytes)).toBe(true);
	await expect(download(kling.serve('d.png', bytes, { cut: true }))).rejects.toThrow();
});
