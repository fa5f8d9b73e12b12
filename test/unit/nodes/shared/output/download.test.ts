import { BinaryDataService } from 'n8n-core';

import { makeImage, type Fault, type ServeOptions } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { downloadFrom, failedBecause, finishedTask, get, giveImages } from './imagesGiven';

useFastTime();

const stage = useStage();

beforeEach(() => stage.kling.reset());
afterEach(() => jest.restoreAllMocks());

describe('an image that cannot be downloaded keeps its URL and says why', () => {
	const image = { contentType: 'image/png' };
	const none = Buffer.alloc(0);
	const page = Buffer.from('<!doctype html><html>sorry</html>');
	const json = Buffer.from('{"code":1203,"message":"gone"}');
	const cases: Array<[name: string, bytes: Buffer, options: ServeOptions, reason: RegExp]> = [
		['is gone', none, { status: 404 }, /^The server answered HTTP 404 for the image$/],
		['is forbidden', page, { status: 403 }, /^The server answered HTTP 403 for the image$/],
		['leads nowhere', none, { status: 304 }, /^The server answered HTTP 304 for the image$/],
		['is empty', none, image, /^The image is empty$/],
		['is a web page', page, image, /^The file is not an image/],
		['is JSON', json, { contentType: 'application/json' }, /is not an image/],
		['is of no type', Buffer.alloc(64, 1), { contentType: '' }, /is not an image/],
	];
	it.each(cases)('because it %s', async (name, bytes, options, reason) => {
		const url = stage.kling.serve(`${name}.png`, bytes, options);
		const { item, errors } = await downloadFrom(stage, url);
		expect(errors).toEqual(failedBecause(reason));
		expect(item).not.toHaveProperty('binary');
		expect(item?.json).not.toHaveProperty('error');
		expect(stage.kling.count('file')).toBe(1);
	});

	it('in the item of the image, with one item per image', async () => {
		const good = stage.kling.imageUrl(await makeImage());
		const gone = stage.kling.serve('gone.png', none, { status: 404 });
		giveImages(stage.kling, [{ index: 0, url_1: gone, url_2: good }]);
		const run = await stage.engine.runNode({ parameters: get('7', { output: 'images' }) });
		expect(run.items).toHaveLength(2);
		const download_error = 'The server answered HTTP 404 for the image';
		expect(run.items[0]).toMatchObject({ json: { url: gone, view: 1, download_error } });
		expect(run.items[0]).not.toHaveProperty('binary');
		expect(run.items[1]?.json).not.toHaveProperty('download_error');
		expect(run.items[1]?.binary).toHaveProperty('data');
	});

	it('with the day, where it has expired', async () => {
		const url = stage.kling.serve('expired.png', none, { status: 403 });
		const updated_at = Date.UTC(2026, 0, 1);
		const { errors } = await downloadFrom(stage, url, { updated_at });
		const reason =
			/HTTP 403 for the image\. It expired at 2026-01-31T00:00:00\.000Z: Kling deletes .* 30 days\.$/;
		expect(errors).toEqual(failedBecause(reason));
	});

	it('where n8n cannot store it', async () => {
		const full = new Error('ENOSPC: no space left');
		jest.spyOn(BinaryDataService.prototype, 'store').mockRejectedValue(full);
		const { errors } = await downloadFrom(stage, stage.kling.imageUrl(await makeImage()));
		const reason = 'n8n could not store the image: ENOSPC: no space left';
		expect(errors).toEqual(failedBecause(reason));
		expect(stage.kling.count('file')).toBe(1);
	});

	it('and Retry On Fail does not run the node again for it', async () => {
		const { task_id } = finishedTask(stage.kling);
		stage.kling.fault({ on: 'view', kind: 'html', status: 404, times: Infinity });
		const nodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		for (const output of ['task', 'images']) {
			const run = await stage.engine.runNode({
				parameters: get(task_id, { output }),
				nodeSettings,
			});
			expect(run.status).toBe('success');
		}
		expect(stage.kling.count('get')).toBe(2);
	});
});

describe('the type', () => {
	const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(32)]);
	const webp = Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8 '), Buffer.alloc(32)]);
	const avif = Buffer.concat([Buffer.from('\0\0\0\x1cftypavif'), Buffer.alloc(32)]);
	it.each([
		['the first bytes', gif, 'image/png', 'image/gif', '7_1_1.gif'],
		['the first bytes', webp, '', 'image/webp', '7_1_1.webp'],
		['the Content-Type', avif, 'image/avif; q=1', 'image/avif', '7_1_1.avif'],
	])('comes from %s', async (_source, bytes, contentType, mimeType, fileName) => {
		const url = stage.kling.serve('image.bin', bytes, { contentType });
		const { stored } = await downloadFrom(stage, url);
		expect(stored?.file).toMatchObject({ mimeType, fileName });
		expect(stored?.bytes.equals(bytes)).toBe(true);
	});
});

describe('the connection', () => {
	const faults: Array<Omit<Fault, 'on'>> = [
		{ kind: 'drop' },
		{ kind: 'cut' },
		{ kind: 'html', status: 503 },
		{ kind: 'html', status: 429 },
	];
	it.each(faults)('is tried again after %j', async (fault) => {
		const { task_id } = finishedTask(stage.kling);
		stage.kling.fault({ on: 'view', ...fault, times: 1 });
		const run = await stage.engine.runNode({ parameters: get(task_id) });
		expect(run.items[0]?.json).not.toHaveProperty('download_errors');
		expect(Object.keys(run.items[0]?.binary ?? {})).toHaveLength(9);
		expect(stage.kling.count('view')).toBe(10);
	});

	it.each<[Omit<Fault, 'on'>, string]>([
		[{ kind: 'drop' }, 'The server of the image did not answer within 30 seconds'],
		[{ kind: 'cut' }, 'The connection was lost during the download of the image'],
		[{ kind: 'html', status: 500 }, 'The server answered HTTP 500 for the image'],
	])('is given up after 3 times %j', async (fault, reason) => {
		const { task_id } = finishedTask(stage.kling);
		const matching: Fault['matching'] = ({ path }) => path.includes('/1_2.');
		stage.kling.fault({ on: 'view', ...fault, times: Infinity, matching });
		const run = await stage.engine.runNode({ parameters: get(task_id) });
		expect(run.items[0]?.json.download_errors).toEqual([{ set: 2, view: 2, reason }]);
		expect(Object.keys(run.items[0]?.binary ?? {})).toHaveLength(8);
		expect(stage.kling.count('view')).toBe(11);
	});

	it('carries no key, and no other credential', async () => {
		const { task_id } = finishedTask(stage.kling);
		await stage.engine.runNode({ parameters: get(task_id) });
		expect(stage.kling.counters.authorizedViews).toBe(0);
		const sent = stage.kling.requests.filter(({ operation }) => operation === 'view');
		expect(sent).toHaveLength(9);
		const names = sent.flatMap(({ headers }) => Object.keys(headers));
		expect(names.filter((name) => /auth|cookie|token|key/.test(name))).toEqual([]);
	});
});

it('goes into n8n’s storage as a stream', async () => {
	const store = jest.spyOn(BinaryDataService.prototype, 'store');
	const bytes = await makeImage({ minimumBytes: 5 * 1024 * 1024 });
	const { stored } = await downloadFrom(stage, stage.kling.imageUrl(bytes));
	expect(stored?.bytes.equals(bytes)).toBe(true);
	expect(store.mock.calls.map(([, content]) => Buffer.isBuffer(content))).toEqual([false]);
});
