import { once } from 'node:events';
import { ClientRequest } from 'node:http';
import { gzipSync } from 'node:zlib';

import { makeImage } from '../../../../kling';
import { useStage } from '../../../../support/stage';
import { downloadFrom, failedBecause, startStalling } from './imagesGiven';

const stage = useStage();

beforeEach(() => stage.kling.reset());
afterEach(() => jest.restoreAllMocks());

const MB = 1024 * 1024;
const TOO_LARGE = failedBecause('The image is larger than 50 MB');

/** As if so much time had gone by at once, a moment from now. */
function jumpSoon(ms: number): void {
	const now = performance.now.bind(performance);
	setTimeout(() => {
		jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
	}, 300);
}

describe('50 MB', () => {
	it('by what the server says', async () => {
		const headers = { 'content-length': String(50 * MB + 1) };
		const url = stage.kling.serve('long.png', await makeImage(), { headers });
		expect((await downloadFrom(stage, url)).errors).toEqual(TOO_LARGE);
	});

	it('by what comes', async () => {
		const url = stage.kling.serve('endless.png', await makeImage(), { endless: true });
		const { errors, item } = await downloadFrom(stage, url);
		expect(errors).toEqual(TOO_LARGE);
		expect(item).not.toHaveProperty('binary');
		expect(stage.kling.count('file')).toBe(1);
		await stage.kling.until(() => stage.kling.requests.every(({ ms }) => ms >= 0));
	});

	it('by what it unpacks to', async () => {
		const packed = gzipSync(Buffer.concat([await makeImage(), Buffer.alloc(60 * MB)]));
		expect(packed.length).toBeLessThan(MB);
		const headers = { 'content-encoding': 'gzip' };
		const url = stage.kling.serve('packed.png', packed, { headers });
		expect((await downloadFrom(stage, url)).errors).toEqual(TOO_LARGE);
	});

	it('and not a byte less', async () => {
		const bytes = Buffer.concat([await makeImage(), Buffer.alloc(50 * MB)]).subarray(0, 50 * MB);
		const url = stage.kling.serve('large.png', bytes, { chunked: true });
		const { stored } = await downloadFrom(stage, url);
		expect(stored?.bytes.equals(bytes)).toBe(true);
	});
});

describe('time', () => {
	it('30 seconds without an answer', async () => {
		const spy = jest.spyOn(ClientRequest.prototype, 'setTimeout');
		await downloadFrom(stage, stage.kling.imageUrl(await makeImage()));
		const { calls } = spy.mock;
		const contexts = spy.mock.contexts as ClientRequest[];
		const own = calls.filter((_call, position) => contexts[position]?.path.startsWith('/files/'));
		expect(own.map(([ms]) => ms)).toEqual([30_000]);
	});

	it.each([
		[
			'30 seconds without a byte',
			31_000,
			'The download of the image stopped: no data for 30 seconds',
			50_000,
		],
		[
			'30 seconds without a first byte',
			31_000,
			'The download of the image stopped: no data for 30 seconds',
			0,
		],
		['300 seconds in all', 301_000, 'The download of the image took more than 300 seconds', 50_000],
	])('%s', async (_limit, ms, reason, length) => {
		const requests = jest.fn();
		const bytes = (await makeImage({ minimumBytes: length })).subarray(0, length);
		const server = (await startStalling(bytes)).on('request', requests);
		jumpSoon(ms);
		const { errors } = await downloadFrom(stage, server.imageUrl);
		expect(errors).toEqual(failedBecause(reason));
		expect(requests).toHaveBeenCalledTimes(1);
		await once(server.close(), 'close');
	});

	it('not less than 30 seconds', async () => {
		const url = stage.kling.serve('late.png', await makeImage(), { delayMs: 1_000 });
		jumpSoon(29_000);
		expect((await downloadFrom(stage, url)).stored).toBeDefined();
	});
});

describe('the connection is left at once', () => {
	const page = Buffer.from('<!doctype html><html>sorry</html>');
	it.each([
		['after an error', 404, undefined, /HTTP 404/],
		['after what is too large', 200, 60 * MB, /larger than 50 MB/],
		['after what is no image', 200, undefined, /is not an image/],
	])('%s', async (_name, status, promised, reason) => {
		const server = await startStalling(page, { status, ...(promised && { promised }) });
		const { errors } = await downloadFrom(stage, server.imageUrl);
		expect(errors).toEqual(failedBecause(reason));
		// Sooner than a stalled download is given up.
		await once(server.close(), 'close', { signal: AbortSignal.timeout(10_000) });
	});
});
