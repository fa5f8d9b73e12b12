import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { INodeParameters } from 'n8n-workflow';
import { segment } from '../../../../images/parts';
import { otherFormat, makeImage, truncatedImage } from '../../../../kling';
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
const GOOD = 'https://example.com/image.png';

/** The headline says the rule. */
const COMPLETE =
	/^(Enter the complete address|Use an address that Kling can open|For the image itself, set Image Source to Base64)\.$/;

describe('the address of an image', () => {
	it('is sent as it stands, without white space around it', async () => {
		const url = stage.kling.imageUrl(await makeImage({ width: 300, height: 300 }));
		expect(told(await create(` ${url}\n`))).toBe('');
		expect(stage.kling.requests[0]?.body).toMatchObject({ element_frontal_image: url });
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it.each([
		['', /^Image URL is empty/, /begins with https:\/\/ or http:\/\//],
		['  ', /^Image URL is empty/, /begins with https:\/\//],
		['image.png', /^Image URL must begin with .*, got "image.png"$/, COMPLETE],
		['//example.com/a.png', /^Image URL must begin with/, COMPLETE],
		['ftp://example.com/a.png', /^Image URL must begin with https:\/\/ or http:/, COMPLETE],
		['file:///home/a.png', /^Image URL must begin with/, COMPLETE],
		['javascript:alert(1)', /^Image URL must begin with/, COMPLETE],
		['data:image/png;base64,iVBORw0KGgo=', /^Image URL must begin/, COMPLETE],
		['https://', /^Image URL has no host: "https:/, COMPLETE],
		['https:/example.com/a.png', /^Image URL has no host: "/, COMPLETE],
		['https:example.com/a.png', /^Image URL has no host: "/, COMPLETE],
		['https:///example.com/a.png', /^Image URL has no host: "/, COMPLETE],
		['https:\\\\example.com\\a.png', /^Image URL has no host: "/, COMPLETE],
		['https://example.com\\a.png', /^Image URL has a backslash inside/, /begins with/],
		['https://example.com/a\n.png', /^Image URL has a line break inside/, /begins with/],
		['https://example.com/a\t.png', /^Image URL has a tab or control character/, /begins with/],
		['https://exa mple.com/a.png', /^Image URL is not an address/, /begins with/],
		['https://a.com/1.png,https://a.com/2.png', /^Image URL holds more than one address/, /one/],
		['https://a.com/1.png https://a.com/2.png', /^Image URL holds more than one address/, /one/],
		['https://a.com/1.png\nhttps://a.com/2.png', /^Image URL holds more than one address/, /one/],
		['https://a.com/1.pnghttps://a.com/2.png', /^Image URL holds more than one address/, /one/],
		['https://a.com/1?s=1,https://a.com/2?s=2', /^Image URL holds more than one address/, /one/],
		['["https://example.com/a.png"]', /^Image URL is a list: "\["https:/, /one address/],
	])('%j is refused', async (url, message, description) => {
		for (const credentials of [stage.credentials, PUBLIC]) {
			const run = await create(url, {}, credentials);
			expect(run.error?.message).toMatch(message);
			expect(run.error?.description).toMatch(description);
		}
		expect(stage.kling.requests).toEqual([]);
	});

	it.each([
		['is missing', '={{ undefined }}', /^Image URL is empty/],
		['is an object', '={{ { url: 1 } }}', /^Image URL is not text: \{"url":1\}$/],
		['is a list', "={{ ['https://example.com/a.png'] }}", /^Image URL is a list/],
		['is a number', '={{ 7 }}', /^Image URL is not text: 7$/],
	])('that %s is refused', async (_name, imageUrl, message) => {
		const run = await create(imageUrl);
		expect(run.error?.message).toMatch(message);
		expect(stage.kling.requests).toEqual([]);
	});

	it.each([
		['https://example.com/my photo.png', 'https://example.com/my%20photo.png'],
		[
			'https://example.com/grün/犬.png?q=ä b',
			'https://example.com/gr%C3%BCn/%E7%8A%AC.png?q=%C3%A4%20b',
		],
		['https://bücher.example/a.png?x=ü', 'https://xn--bcher-kva.example/a.png?x=%C3%BC'],
		['\u200bhttps://example.com/a.png\ufeff', 'https://example.com/a.png'],
		['https://example.com/\ud83d.png', 'https://example.com/%EF%BF%BD.png'],
	])('%j is sent encoded', async (url, expected) => {
		await create(url);
		expect(stage.kling.requests[0]?.body).toMatchObject({ element_frontal_image: expected });
	});

	it.each([
		'https://bucket.s3.amazonaws.com/a%2Fb.png?X-Amz-Signature=a%2Fb+c%20d&X=1+2',
		"HTTPS://Example.COM:443/./a/../b'c.png?q='\"<>|^`{}#part",
		'https://user:pass@example.com/a.png',
		'https://res.cloudinary.com/demo/image/fetch/https://example.com/a.png',
		'https://images.example/?url=https://example.com/a.png&next=https%3A%2F%2Fb',
		'https://example.com/?images=https://a.com/1.png,https://a.com/2.png',
	])('%s is sent to the letter', async (url) => {
		await create(url);
		expect(stage.kling.requests[0]?.body).toMatchObject({ element_frontal_image: url });
	});
});

const LOOPBACK = [
	'http://localhost:5678/image.png',
	'https://LOCALHOST/image.png',
	'http://localhost./image.png',
	'http://kling.localhost/image.png',
	'http://127.0.0.1/image.png',
	'http://127.255.0.9/image.png',
	'http://127.1/image.png',
	'http://2130706433/image.png',
	'http://0x7f000001/image.png',
	'http://017700000001/image.png',
	'http://１２７.0.0.1/image.png',
	'http://[::1]:8080/image.png',
	'http://[0:0:0:0:0:0:0:1]/image.png',
	'http://[::ffff:127.0.0.1]/image.png',
	'http://user@localhost/image.png',
];
const PRIVATE = [
	'http://10.0.0.1/image.png',
	'http://172.16.0.1/image.png',
	'http://172.31.255.1/image.png',
	'https://192.168.1.20/image.png',
	'http://169.254.169.254/latest/meta-data/',
	'http://100.64.0.1/image.png',
	'http://198.18.0.1/image.png',
	'http://0.0.0.0/image.png',
	'http://0/image.png',
	'http://224.0.0.1/image.png',
	'http://255.255.255.255/image.png',
	'http://3232235777/image.png',
	'http://[::]/image.png',
	'http://[fc00::1]/image.png',
	'http://[fd12:3456::1]/image.png',
	'http://[fe80::1]/image.png',
	'http://[ff02::1]/image.png',
	'http://[::ffff:192.168.1.1]/image.png',
	'http://[64:ff9b::10.0.0.1]/image.png',
	'http://nas/image.png',
	'http://nas.local/image.png',
	'http://files.internal/image.png',
	'http://nas.home.arpa/image.png',
	'http://files.default.svc/image.png',
	'http://192.0.0.8/image.png',
	'http://192.0.2.1/image.png',
	'http://168.63.129.16/machine',
	'http://[2002:0808:0808::1]/image.png',
	'http://[64:ff9b:1::1]/image.png',
	'http://[64:ff9b:1::8.8.8.8]/image.png',
	'http://[fec0::1]/image.png',
	'http://[2001:db8::1]/image.png',
	'http://[2001::1]/image.png',
	'http://[100::1]/image.png',
	'http://[::ffff:0:10.0.0.1]/image.png',
	'http://router.lan/image.png',
];

describe('an address that Kling cannot reach', () => {
	it.each(LOOPBACK)('%s: this machine, refused with the reason', async (url) => {
		const run = await create(url, {}, PUBLIC);
		expect(run.error?.message).toMatch(
			/^Image URL cannot be used: \S+ is n8n's own machine, and Kling cannot reach it$/,
		);
		expect(run.error?.description).toMatch(/public address\..*Binary File or Base64/);
	});

	it.each(PRIVATE)('%s: a private network, refused even with a local Kling', async (url) => {
		for (const credentials of [PUBLIC, stage.credentials]) {
			const run = await create(url, {}, credentials);
			expect(run.error?.message).toMatch(
				/^Image URL cannot be used: \S+ is not a public address, and Kling cannot reach it$/,
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
		'http://[64:ff9b::8.8.8.8]/a.png',
		'http://192.0.1.1/a.png',
		'http://168.63.129.17/a.png',
		'https://svc.example.com/a.png',
		'https://home.arpa.example.com/a.png',
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
		['http://n8n.example.com/webhook/1', /^Callback URL must begin with https:\/\/, got "http:/],
		['ftp://n8n.example.com', /^Callback URL must begin with https:/],
		['n8n.example.com/webhook/1', /^Callback URL must begin with https:/],
		['={{ { url: 1 } }}', /^Callback URL must be text, got \{"url":1\}/],
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
		const url = stage.kling.imageUrl(await makeImage({ width: 300, height: 300 }));
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
		const imageUrl = stage.kling.imageUrl(await makeImage({ width: 300, height: 300 }));
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
		const url = stage.kling.imageUrl(await makeImage({ width: 300, height: 300 }));
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
	const big = async () => await makeImage({ width: 400, height: 400, minimumBytes: 1024 * 1024 });
	const tooBig = async () =>
		await makeImage({ width: 300, height: 300, minimumBytes: 11 * 1024 * 1024 });

	it('is off unless wanted', async () => {
		const url = stage.kling.serve('small.png', await makeImage({ width: 100, height: 100 }));
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
		expect(stage.kling.counters.authorizedViews).toBe(0);
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
		['smaller than that', async () => await makeImage({ width: 300, height: 300 }), {}],
		[
			'smaller than that, by ranges',
			async () => await makeImage({ width: 300, height: 300, type: 'jpeg' }),
			{ ranges: true },
		],
	])('lets a good image pass: %s', async (_name, bytes, options) => {
		expect(told(await check(stage.kling.serve('good', await bytes(), options)))).toBe('');
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it.each<[string, () => Promise<Buffer> | Buffer, object, RegExp]>([
		['nothing', () => Buffer.alloc(0), {}, /^Image is empty/],
		['a web page', () => otherFormat('html'), { contentType: 'image/png' }, /it is a web page/],
		['WebP', () => otherFormat('webp'), {}, /it is a WebP/],
		['too small', async () => await makeImage({ width: 299, height: 299 }), {}, /: 299 × 299 px, /],
		['too wide', async () => await makeImage({ width: 780, height: 300 }), {}, /ratio of 2\.60:1/],
		['half an image', async () => await truncatedImage({ type: 'jpeg' }), {}, /is cut off/],
		[
			'half an image, by its range',
			async () => await truncatedImage({ type: 'jpeg' }),
			{ ranges: true },
			/is cut off/,
		],
		[
			'half an image without a length',
			async () => await truncatedImage(),
			{ chunked: true },
			/is cut/,
		],
		['too large by its length', tooBig, {}, /too large: 11\.0 MB/],
		['too large by its range', tooBig, { ranges: true }, /too large: 11\.0 MB/],
		['HTTP 401', () => Buffer.from('no'), { status: 401 }, /the server answers HTTP 401$/],
		['HTTP 404', () => Buffer.from('no'), { status: 404 }, /the server answers HTTP 404$/],
		['HTTP 410', () => Buffer.from('no'), { status: 410 }, /the server answers HTTP 410$/],
		[
			'a page behind a redirect',
			() => Buffer.alloc(0),
			{ redirectTo: 'ftp://example.com/' },
			/redirects to an address that does not begin with/,
		],
		[
			'a redirect to nothing',
			() => Buffer.alloc(0),
			{ redirectTo: 'https://' },
			/redirects to something that is not an address/,
		],
	])('refuses before paying: %s', async (_name, bytes, options, found) => {
		const url = stage.kling.serve('bad', await bytes(), options);
		const run = await check(url);
		expect(run.error?.name).toBe('NodeOperationError');
		expect(run.error?.message).toMatch(/^Image (is|cannot be fetched:) /);
		expect(run.error?.message).toMatch(found);
		expect(run.error?.description).toContain(`\nParameter: Image URL "${url}"`);
		expect(stage.kling.count('create')).toBe(0);
	});

	/** Good images, which the server only does not show in the way that n8n asks for. */
	it.each<[string, Record<string, string>]>([
		['a range of an unknown length', { 'content-range': 'bytes 0-262143/*' }],
		['a shorter range of an unknown length', { 'content-range': 'bytes 0-99999/*' }],
		['a range without Content-Range', {}],
	])('lets pass %s', async (_name, headers) => {
		const whole = await makeImage({ width: 400, height: 400, minimumBytes: 600 * 1024 });
		const length = JSON.stringify(headers).includes('99999') ? 100_000 : 262_144;
		const url = stage.kling.serve('part.png', whole.subarray(0, length), { status: 206, headers });
		const run = await check(url);
		expect(told(run)).not.toContain('Image');
		expect(stage.kling.count('create')).toBe(1);
	});

	it('lets pass an image that is sent compressed, with the length of that', async () => {
		const whole = await makeImage({ width: 400, height: 400, type: 'jpeg', minimumBytes: 90_000 });
		const packed = gzipSync(whole);
		expect(packed.length).toBeLessThan(whole.length);
		const url = stage.kling.serve('packed.jpg', packed, {
			headers: { 'content-encoding': 'gzip' },
		});
		expect(told(await check(url))).toBe('');
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it('lets pass a large image whose compressed length is shorter than what was read', async () => {
		const jpeg = await makeImage({ width: 400, height: 400, type: 'jpeg' });
		// Segments of zeros, behind SOI: 1 MB that becomes a few kB.
		const zeros = segment(0xe1, Buffer.alloc(60_000));
		const padding = Array<Buffer>(18).fill(zeros);
		const whole = Buffer.concat([jpeg.subarray(0, 2), ...padding, jpeg.subarray(2)]);
		const packed = gzipSync(whole);
		expect(packed.length).toBeLessThan(256 * 1024);
		const headers = { 'content-encoding': 'gzip' };
		const url = stage.kling.serve('packed-large.jpg', packed, { headers });
		expect(told(await check(url))).not.toContain('Image');
		expect(stage.kling.count('create')).toBe(1);
	});

	it('an image that is cut behind the first 256 kB passes: Kling will see it', async () => {
		const whole = await makeImage({ width: 400, height: 400, minimumBytes: 600 * 1024 });
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
		expect(stage.kling.counters.authorizedViews).toBe(0);
	});

	it.each(['http://10.0.0.1/a.png', 'http://169.254.169.254/latest', 'http://[fe80::1]/a.png'])(
		'follows no redirect to %s',
		async (redirectTo) => {
			const url = stage.kling.serve('inward', Buffer.alloc(0), { redirectTo });
			const run = await check(url);
			expect(run.error?.message).toMatch(
				/^Image cannot be fetched: it redirects to \S+, which is not a public address$/,
			);
			expect(run.error?.message).toContain(new URL(redirectTo).hostname);
			expect(stage.kling.count('create')).toBe(0);
		},
	);

	it('nobody listens', async () => {
		const run = await check('http://127.0.0.1:9/a.png');
		// Kling itself has the last word.
		expect(told(run)).not.toMatch(/^Image/);
		expect(stage.kling.count('create')).toBe(1);
	});

	describe('what n8n cannot read passes, with a hint', () => {
		let server: Server;
		let base: string;
		let asked = 0;
		let left = 0;

		beforeAll(async () => {
			const bytes = await makeImage({ width: 300, height: 300 });
			server = createServer((request, response) => {
				// To Kling each of them is a good image.
				if (request.headers['user-agent'] === 'local-kling') {
					response.end(bytes);
					return;
				}
				asked++;
				response.on('close', () => left++);
				const path = request.url ?? '';
				const status = Number(/^\/(\d{3})$/.exec(path)?.[1] ?? 200);
				if (path === '/silent') return;
				if (path === '/loop') response.setHeader('location', '/loop');
				response.writeHead(path === '/loop' ? 302 : status, { 'content-length': bytes.length });
				if (!['/cut', '/stalling', '/dripping'].includes(path)) {
					response.end(bytes);
					return;
				}
				response.write(bytes.subarray(0, 100), () => path === '/cut' && request.destroy());
				if (path !== '/dripping') return;
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
		beforeEach(() => ([asked, left] = [0, 0]));

		const passes = async (path: string, reason: RegExp) => {
			const run = await check(base + path);
			expect(told(run)).toBe('');
			const [hint] = run.hints;
			expect(hint?.message).toMatch(reason);
			expect(hint?.message).toContain(`could not check "${base}${path}": `);
			return run;
		};

		it.each([
			['/403', /the server answers HTTP 403/],
			['/429', /the server answers HTTP 429/],
			['/500', /the server answers HTTP 500/],
			['/cut', /the connection was lost/],
			['/loop', /it redirects more than 5 times/],
		])('%s', async (path, reason) => {
			await passes(path, reason);
			expect(stage.kling.tasks).toHaveLength(1);
		});

		it('a slow server: after 5 seconds, whether it is silent, stalls or drips', async () => {
			const runs = await Promise.all([
				passes('/silent', /n8n got no answer within 5 seconds/),
				passes('/stalling', /took more than 5 seconds/),
				passes('/dripping', /took more than 5 seconds/),
			]);
			for (const run of runs) {
				expect(run.durationMs).toBeGreaterThan(4_500);
				expect(run.durationMs).toBeLessThan(20_000);
			}
			expect(stage.kling.tasks).toHaveLength(3);
			await stage.kling.until(() => asked === 3 && left === asked);
		});

		it('a slow server is left at Stop', async () => {
			const running = stage.engine.runNode({
				parameters: {
					operation: 'create',
					imageUrl: `${base}/stalling`,
					options: { checkImageUrl: true },
				},
			});
			await stage.kling.until(() => asked > 0);
			running.cancel();
			expect((await running).stopLatencyMs).toBeLessThan(4_000);
			await stage.kling.until(() => left === asked);
			expect(stage.kling.count('create')).toBe(0);
		});
	});
});
