import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';
import { otherFormat, picture, truncatedPicture } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';

useFastTime();

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

/** Not the local Kling, and never reached: what stands here is refused before any request. */
const PUBLIC = {
	klingApi: {
		authentication: 'accessKey',
		accessKey: 'ak',
		secretKey: 'sk',
		region: 'custom',
		baseUrl: 'https://kling.example.test',
	},
};
const create = async (
	imageUrl: string,
	options: INodeParameters = {},
	credentials = stage.credentials,
) =>
	await stage.engine.runNode({
		parameters: {
			operation: 'create',
			waitForCompletion: false,
			// What stands in the field itself n8n checks before.
			imageUrl: imageUrl.trim() === '' ? `={{ ${JSON.stringify(imageUrl)} }}` : imageUrl,
			options,
		},
		credentials,
	});
const GOOD = 'https://example.com/picture.png';

describe('the address of a picture', () => {
	it('is sent as it stands, without white space around it', async () => {
		const url = stage.kling.pictureUrl(await picture({ width: 300, height: 300 }));
		expect(told(await create(` ${url}\n`))).toBe('');
		expect(stage.kling.requests[0]?.body).toMatchObject({ element_frontal_image: url });
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it.each([
		['', /^Image URL is empty/, /begins with https:\/\/ or http:\/\//],
		['  ', /^Image URL is empty/, /begins with https:\/\//],
		[
			'picture.png',
			/^Image URL is not an address with https: or http:: "picture.png"/,
			/begins with/,
		],
		['ftp://example.com/a.png', /^Image URL does not begin with https: or http:/, /begins with/],
		['file:///home/a.png', /^Image URL does not begin with/, /begins with/],
		['javascript:alert(1)', /^Image URL does not begin with/, /begins with/],
		[
			'data:image/png;base64,iVBORw0KGgo=',
			/^Image URL does not begin with/,
			/Image Source: Base64/,
		],
		['https://', /^Image URL is not an address/, /begins with/],
	])('%j is refused', async (url, message, description) => {
		for (const credentials of [stage.credentials, PUBLIC]) {
			const run = await create(url, {}, credentials);
			expect(run.error?.message).toMatch(message);
			expect(run.error?.description).toMatch(description);
		}
		expect(stage.kling.requests).toEqual([]);
	});

	it.each([
		['is missing', '={{ undefined }}'],
		['is an object', '={{ { url: 1 } }}'],
	])('that %s is refused as empty', async (_name, imageUrl) => {
		const run = await create(imageUrl);
		expect(run.error?.message).toMatch(/^Image URL is empty/);
		expect(stage.kling.requests).toEqual([]);
	});
});

const LOOPBACK = [
	'http://localhost:5678/picture.png',
	'https://LOCALHOST/picture.png',
	'http://localhost./picture.png',
	'http://kling.localhost/picture.png',
	'http://127.0.0.1/picture.png',
	'http://127.255.0.9/picture.png',
	'http://127.1/picture.png',
	'http://2130706433/picture.png',
	'http://0x7f000001/picture.png',
	'http://017700000001/picture.png',
	'http://１２７.0.0.1/picture.png',
	'http://[::1]:8080/picture.png',
	'http://[0:0:0:0:0:0:0:1]/picture.png',
	'http://[::ffff:127.0.0.1]/picture.png',
	'http://user@localhost/picture.png',
];
const PRIVATE = [
	'http://10.0.0.1/picture.png',
	'http://172.16.0.1/picture.png',
	'http://172.31.255.1/picture.png',
	'https://192.168.1.20/picture.png',
	'http://169.254.169.254/latest/meta-data/',
	'http://100.64.0.1/picture.png',
	'http://198.18.0.1/picture.png',
	'http://0.0.0.0/picture.png',
	'http://0/picture.png',
	'http://224.0.0.1/picture.png',
	'http://255.255.255.255/picture.png',
	'http://3232235777/picture.png',
	'http://[::]/picture.png',
	'http://[fc00::1]/picture.png',
	'http://[fd12:3456::1]/picture.png',
	'http://[fe80::1]/picture.png',
	'http://[ff02::1]/picture.png',
	'http://[::ffff:192.168.1.1]/picture.png',
	'http://[64:ff9b::10.0.0.1]/picture.png',
	'http://nas/picture.png',
	'http://nas.local/picture.png',
	'http://files.internal/picture.png',
	'http://router.lan/picture.png',
];

describe('an address that Kling cannot reach', () => {
	it.each(LOOPBACK)('%s: this machine, refused with the reason', async (url) => {
		const run = await create(url, {}, PUBLIC);
		expect(run.error?.message).toMatch(
			/^Image URL cannot be used: \S+ is n8n's own machine, where Kling cannot reach it$/,
		);
		expect(run.error?.description).toMatch(/public address.*WEBHOOK_URL.*Binary File or Base64/);
	});

	it.each(PRIVATE)('%s: a private network, refused even with a local Kling', async (url) => {
		for (const credentials of [PUBLIC, stage.credentials]) {
			const run = await create(url, {}, credentials);
			expect(run.error?.message).toMatch(
				/^Image URL cannot be used: \S+ is an address of a private network, where Kling cannot reach it$/,
			);
		}
		expect(stage.kling.requests).toEqual([]);
	});

	it('this machine is allowed with a local Kling alone', async () => {
		for (const url of LOOPBACK) {
			const run = await create(url, {}, stage.credentials);
			expect(told(run)).not.toContain('cannot be used');
		}
		expect(stage.kling.count('create')).toBe(LOOPBACK.length);
	});

	it.each([
		'https://localhost.example.com/a.png',
		'https://10.example.com/a.png',
		'http://172.15.0.1/a.png',
		'http://172.32.0.1/a.png',
		'http://100.63.0.1/a.png',
		'http://192.167.1.1/a.png',
		'http://[2606:4700::1]/a.png',
		'https://internal.example.com/a.png',
		'https://local.dev/a.png',
	])('%s is not taken for one', async (url) => {
		await create(url);
		expect(stage.kling.requests[0]?.body).toMatchObject({ element_frontal_image: url });
	});
});

describe('the Callback URL', () => {
	const called = async (callbackUrl: string, credentials = PUBLIC) =>
		await create(GOOD, { callbackUrl }, credentials);

	it.each([
		['http://n8n.example.com/webhook/1', /^Callback URL does not begin with https:: "http:/],
		['ftp://n8n.example.com', /^Callback URL does not begin with https:/],
		['n8n.example.com/webhook/1', /^Callback URL is not an address with https:/],
		['={{ { url: 1 } }}', /^Callback URL is "\{"url":1\}"/],
	])('%s is refused', async (url, message) => {
		expect((await called(url)).error?.message).toMatch(message);
	});

	it.each([...LOOPBACK, ...PRIVATE].filter((url) => url.startsWith('https')))(
		'%s is refused: Kling cannot reach it',
		async (url) => {
			expect((await called(url)).error?.message).toMatch(/^Callback URL cannot be used: /);
		},
	);

	it("the beginner's mistake is explained", async () => {
		const run = await called('https://localhost:5678/webhook/1/kling-ai-multi-shot');
		expect(run.error?.message).toContain("localhost is n8n's own machine");
		expect(run.error?.description).toContain('WEBHOOK_URL');
	});

	it('http and this machine are allowed with a local Kling, private networks are not', async () => {
		const url = stage.kling.pictureUrl(await picture({ width: 300, height: 300 }));
		const callbackUrl = 'http://127.0.0.1:9/webhook';
		expect(told(await create(url, { callbackUrl }))).toBe('');
		expect(stage.kling.requests[0]?.body).toMatchObject({ callback_url: callbackUrl });
		const run = await create(url, { callbackUrl: 'http://10.0.0.1/webhook' });
		expect(run.error?.message).toMatch(/^Callback URL cannot be used: 10\.0\.0\.1/);
		expect(stage.kling.count('create')).toBe(1);
	});

	it.each([
		{ waitForCompletion: false, waitMode: 'callback' },
		{ waitForCompletion: true, waitMode: 'poll' },
	])('is sent with %j', async (waiting) => {
		const imageUrl = stage.kling.pictureUrl(await picture({ width: 300, height: 300 }));
		const callbackUrl = 'http://127.0.0.1:9/webhook';
		await stage.engine.runNode({
			parameters: {
				operation: 'create',
				imageUrl,
				...waiting,
				options: { callbackUrl, timeout: 1 },
			},
		});
		expect(stage.kling.requests[0]?.body).toMatchObject({ callback_url: callbackUrl });
	});

	it('an empty one is not sent', async () => {
		const url = stage.kling.pictureUrl(await picture({ width: 300, height: 300 }));
		await create(url, { callbackUrl: ' ', externalTaskId: '', reuseTaskOnRetry: false });
		expect(stage.kling.requests[0]?.body).toEqual({ element_frontal_image: url });
	});
});

describe('Check Image URL', () => {
	const check = async (imageUrl: string) => await create(imageUrl, { checkImageUrl: true });
	/** Without those of Kling itself. */
	const looks = () =>
		stage.kling.requests.filter(
			({ operation, headers }) => operation === 'file' && headers['user-agent'] !== 'local-kling',
		);
	const big = async () => await picture({ width: 400, height: 400, minimumBytes: 1024 * 1024 });
	const tooBig = async () =>
		await picture({ width: 300, height: 300, minimumBytes: 11 * 1024 * 1024 });

	it('is off unless wanted', async () => {
		const url = stage.kling.serve('small.png', await picture({ width: 100, height: 100 }));
		expect(told(await create(url))).toContain('Kling could not create the task');
		expect(looks()).toEqual([]);
		expect(stage.kling.count('create')).toBe(1);
	});

	it('asks for 256 kB, without credentials, and reads no more', async () => {
		const url = stage.kling.serve('big.png', await big(), { ranges: true });
		expect(told(await check(url))).toBe('');
		expect(looks()).toHaveLength(1);
		const [look] = looks();
		expect(look?.headers).toMatchObject({ range: 'bytes=0-262143' });
		expect(look?.headers).not.toHaveProperty('authorization');
		expect(look?.bytes).toBe(262_144);
		expect(stage.kling.counters.authorizedPictures).toBe(0);
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it('leaves a server that sends without end', async () => {
		const url = stage.kling.serve('endless.png', await big(), { endless: true });
		const run = await check(url);
		expect(told(run)).not.toContain('Image URL');
		expect(looks()[0]?.bytes).toBeLessThan(8 * 1024 * 1024);
	});

	it.each<[string, () => Promise<Buffer>, object]>([
		['without a type', async () => await big(), { contentType: '' }],
		['with a wrong type', async () => await big(), { contentType: 'text/html' }],
		['without a length', async () => await big(), { chunked: true }],
		['smaller than that', async () => await picture({ width: 300, height: 300 }), {}],
		[
			'smaller than that, by ranges',
			async () => await picture({ width: 300, height: 300, type: 'jpeg' }),
			{ ranges: true },
		],
	])('lets a good picture pass: %s', async (_name, bytes, options) => {
		expect(told(await check(stage.kling.serve('good', await bytes(), options)))).toBe('');
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it.each<[string, () => Promise<Buffer> | Buffer, object, RegExp]>([
		['nothing', () => Buffer.alloc(0), {}, /the picture is empty/],
		['a web page', () => otherFormat('html'), { contentType: 'image/png' }, /it is a web page/],
		['WebP', () => otherFormat('webp'), {}, /it is WEBP/],
		['too small', async () => await picture({ width: 299, height: 299 }), {}, /has 299 × 299 px/],
		['too wide', async () => await picture({ width: 780, height: 300 }), {}, /ratio of 2\.60:1/],
		['half a picture', async () => await truncatedPicture({ type: 'jpeg' }), {}, /is cut off/],
		['too long by its length', tooBig, {}, /has 11\.0 MB/],
		['too long by its range', tooBig, { ranges: true }, /has 11\.0 MB/],
		['HTTP 404', () => Buffer.from('no'), { status: 404 }, /is answered with HTTP 404/],
		['HTTP 403', async () => await big(), { status: 403 }, /is answered with HTTP 403/],
		[
			'a lost connection',
			async () => await picture({ width: 300, height: 300, minimumBytes: 100_000 }),
			{ cut: true },
			/could not be read: the connection was dropped/,
		],
		[
			'a page behind a redirect',
			() => Buffer.alloc(0),
			{ redirectTo: 'ftp://example.com/' },
			/leads to an address/,
		],
		[
			'a redirect to nothing',
			() => Buffer.alloc(0),
			{ redirectTo: 'https://' },
			/leads to something that is not an address/,
		],
	])('refuses before paying: %s', async (_name, bytes, options, found) => {
		const url = stage.kling.serve('bad', await bytes(), options);
		const run = await check(url);
		expect(run.error?.name).toBe('NodeOperationError');
		expect(run.error?.message).toMatch(/^Image URL: the picture /);
		expect(run.error?.message).toMatch(found);
		expect(run.error?.description).toContain(`Found at "${url}"`);
		expect(stage.kling.count('create')).toBe(0);
	});

	it('a picture that is cut behind the first 256 kB passes: Kling will see it', async () => {
		const whole = await picture({ width: 400, height: 400, minimumBytes: 600 * 1024 });
		const url = stage.kling.serve('cut.png', whole.subarray(0, 500 * 1024), { ranges: true });
		expect(told(await check(url))).not.toContain('Image URL');
		expect(stage.kling.count('create')).toBe(1);
	});

	it('follows redirects, without credentials', async () => {
		const last = stage.kling.serve('last.png', await big(), { ranges: true });
		const second = stage.kling.serve('second', Buffer.alloc(0), {
			redirectTo: new URL(last).pathname,
		});
		const first = stage.kling.serve('first', Buffer.alloc(0), { redirectTo: second, status: 307 });
		expect(told(await check(first))).toBe('');
		expect(looks().map(({ path }) => path)).toEqual([
			'/files/first',
			'/files/second',
			'/files/last.png',
		]);
		expect(stage.kling.counters.authorizedPictures).toBe(0);
	});

	it('gives up on redirects without end', async () => {
		const url = stage.kling.serve('loop', Buffer.alloc(0), { redirectTo: '/files/loop' });
		expect((await check(url)).error?.message).toMatch(/is hidden behind more than 5 redirects$/);
		expect(looks()).toHaveLength(6);
		expect(stage.kling.count('create')).toBe(0);
	});

	it.each(['http://10.0.0.1/a.png', 'http://169.254.169.254/latest', 'http://[fe80::1]/a.png'])(
		'follows no redirect to %s',
		async (redirectTo) => {
			const url = stage.kling.serve('inward', Buffer.alloc(0), { redirectTo });
			const run = await check(url);
			expect(run.error?.message).toMatch(/leads to an address that cannot be used: /);
			expect(run.error?.message).toContain(new URL(redirectTo).hostname);
			expect(stage.kling.count('create')).toBe(0);
		},
	);

	it('nobody listens', async () => {
		const run = await check('http://127.0.0.1:9/a.png');
		expect(run.error?.message).toMatch(/could not be fetched: no answer, or not within 5 seconds$/);
		expect(stage.kling.count('create')).toBe(0);
	});

	describe('a slow server', () => {
		let server: Server;
		let base: string;
		let asked = 0;
		let left = 0;

		beforeAll(async () => {
			const bytes = await picture({ width: 300, height: 300 });
			server = createServer((request, response) => {
				asked++;
				response.on('close', () => left++);
				if (request.url === '/silent') return;
				response.writeHead(200, { 'content-length': bytes.length });
				response.write(bytes.subarray(0, 100));
				if (request.url === '/stalling') return;
				const drip = setInterval(() => response.write(bytes.subarray(100, 101)), 200);
				response.on('close', () => clearInterval(drip));
			});
			server.listen(0, '127.0.0.1');
			await once(server, 'listening');
			base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		});
		afterAll(() => {
			server.closeAllConnections();
			server.close();
		});

		it('is given up after 5 seconds, whether it is silent, stalls or drips', async () => {
			const runs = await Promise.all(
				['/silent', '/stalling', '/dripping'].map(async (path) => await check(base + path)),
			);
			for (const run of runs) {
				expect(run.error?.message).toMatch(
					/^Image URL: the picture could not be (fetched|read).*5 seconds$/,
				);
				expect(run.durationMs).toBeGreaterThan(4_500);
				expect(run.durationMs).toBeLessThan(8_000);
			}
			expect(stage.kling.count('create')).toBe(0);
			await stage.kling.until(() => asked === 3 && left === asked);
		});

		it('is left within a second of Stop', async () => {
			const before = asked;
			const running = stage.engine.runNode({
				parameters: {
					operation: 'create',
					imageUrl: `${base}/stalling`,
					options: { checkImageUrl: true },
				},
			});
			await stage.kling.until(() => asked > before);
			running.cancel();
			expect((await running).stopLatencyMs).toBeLessThan(1_000);
			await stage.kling.until(() => left === asked);
			expect(stage.kling.count('create')).toBe(0);
		});
	});
});
