import { createHash } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { otherFormat, makeImage, truncatedImage } from '../../../../kling';
import type { NodeRunOptions } from '../../../../support/engine/options';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';

const stage = useStage({ mode: 'manual' });
let small: Buffer;

beforeAll(async () => {
	small = await makeImage({ width: 300, height: 300 });
});
beforeEach(() => stage.kling.reset());

const create = async (parameters: INodeParameters, more: Partial<NodeRunOptions> = {}) =>
	await stage.engine.runNode({
		parameters: { operation: 'create', waitForCompletion: false, ...parameters },
		...more,
	});
const ofBinary = async (content: Buffer, file: { fileName?: string; mimeType?: string } = {}) => {
	const data = await stage.engine.binary({ content, ...file });
	return await create({ imageSource: 'binary' }, { items: [{ json: {}, binary: { data } }] });
};
const ofBase64 = async (imageBase64: string) =>
	await create(
		{ imageSource: 'base64', imageBase64: '={{ $json.image }}' },
		{ items: [{ json: { image: imageBase64 } }] },
	);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const sent = () =>
	(stage.kling.requests[0]?.body as { element_frontal_image: string }).element_frontal_image;

describe('base64', () => {
	const base64 = () => small.toString('base64');
	it.each<[string, (text: string) => string]>([
		['as it is', (text) => text],
		['with a prefix', (text) => `data:image/png;base64,${text}`],
		['with a prefix that lies', (text) => `DATA:image/jpeg;name=a.jpg;base64,${text}`],
		['in lines', (text) => `\n ${text.replace(/(.{76})/g, '$1\r\n')}\t`],
		[
			'in lines with a prefix',
			(text) => ` data:image/png;base64,\n${text.replace(/(.{60})/g, '$1\n')}`,
		],
		['without its end', (text) => text.replace(/=+$/, '')],
	])('%s is sent clean', async (_name, change) => {
		// Of a length that wants an = at its end.
		const bytes = Buffer.concat([small, Buffer.alloc((4 - (small.length % 3)) % 3)]);
		const run = await ofBase64(change(bytes.toString('base64')));
		expect(told(run)).toBe('');
		expect(bytes.toString('base64')).toMatch(/=$/);
		expect(stage.kling.tasks[0]?.image).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
		expect(stage.kling.count('create')).toBe(1);
	});

	it('is sent to the letter', async () => {
		const tiny = await makeImage({ width: 300, height: 300, variant: 3 });
		await ofBase64(`data:image/png;base64,${tiny.toString('base64')}`);
		const text = tiny.toString('base64');
		const expected =
			text.length > 10_000
				? `sha256:${sha256(Buffer.from(text))} (${text.length} characters)`
				: text;
		expect(sent()).toBe(expected);
	});

	it.each<[string, () => string]>([
		['with a sign too many', () => `${base64()}!`],
		['with = in the middle', () => `${base64().slice(0, 40)}==${base64().slice(40)}`],
		['that is an address', () => 'https://example.com/image.png'],
		['that is an expression', () => '{{ $json.image }}'],
		['that was percent-encoded', () => encodeURIComponent(base64())],
	])('%s is refused', async (_name, text) => {
		const run = await ofBase64(text());
		expect(run.error?.message).toMatch(
			/^Image Base64 is not base64: ".{1,60}" has "." at position \d+$/,
		);
		expect(run.error?.description).toMatch(/letters, digits, \+ and \/ \(or - and _\)/);
		expect(stage.kling.requests).toEqual([]);
	});

	it('of an impossible length is refused', async () => {
		const run = await ofBase64(`${base64().replace(/=+$/, '').slice(0, 400)}A`);
		expect(run.error?.message).toMatch(/^Image Base64 is not base64: .* length of 401 characters$/);
		expect(stage.kling.requests).toEqual([]);
	});

	it.each(['', '  \n', 'data:image/png;base64,'])('%j is refused as empty', async (text) => {
		const run = await ofBase64(text);
		expect(run.error?.message).toBe('Image Base64 is empty');
		expect(stage.kling.requests).toEqual([]);
	});

	it.each([[null], [42], [{ data: 'x' }], [['iVBORw0KGgo=']]])('%j is refused', async (value) => {
		const run = await create(
			{ imageSource: 'base64', imageBase64: '={{ $json.image }}' },
			{ items: [{ json: { image: value } }] },
		);
		expect(told(run)).toMatch(/^Image Base64 is (empty|not text: ).*\nEnter the image as base64/);
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('the bytes of an image', () => {
	it.each<[string, () => Promise<Buffer>]>([
		['a PNG', async () => small],
		['a JPEG', async () => await makeImage({ width: 400, height: 300, type: 'jpeg' })],
		['the widest', async () => await makeImage({ width: 750, height: 300 })],
		['the highest', async () => await makeImage({ width: 300, height: 750 })],
		[
			'almost 10 MB',
			async () => await makeImage({ width: 300, height: 300, minimumBytes: 10 * 1024 * 1024 - 64 }),
		],
	])('%s is sent, from a file and as base64', async (_name, make) => {
		const bytes = await make();
		for (const run of [await ofBinary(bytes), await ofBase64(bytes.toString('base64'))])
			expect(told(run)).toBe('');
		const image = { sha256: sha256(bytes), bytes: bytes.length };
		expect(stage.kling.tasks.map((task) => task.image)).toEqual([image, image]);
	});

	it('count, not the name or the type of the file', async () => {
		const file = { fileName: 'readme.txt', mimeType: 'text/plain' };
		expect(told(await ofBinary(small, file))).toBe('');
		stage.kling.reset();
		const html = Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>');
		const run = await ofBinary(html, { fileName: 'a.png', mimeType: 'image/png' });
		expect(told(run)).toContain('Image is not a JPEG or PNG: it is a web page');
		expect(stage.kling.requests).toEqual([]);
	});

	it.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
		['WebP', () => otherFormat('webp'), /JPEG or PNG: it is a WebP$/],
		['GIF', () => otherFormat('gif'), /JPEG or PNG: it is a GIF$/],
		['BMP', () => otherFormat('bmp'), /JPEG or PNG: it is a BMP$/],
		['SVG', () => otherFormat('svg'), /JPEG or PNG: it is an SVG$/],
		['HEIC', () => otherFormat('heic'), /JPEG or PNG: it is a HEIC$/],
		['PDF', () => otherFormat('pdf'), /JPEG or PNG: it is a PDF$/],
		['a web page', () => otherFormat('html'), /JPEG or PNG: it is a web page$/],
		['noise', () => Buffer.alloc(5_000, 0x5a), /JPEG or PNG, regardless of its name$/],
		[
			'the first bytes of a PNG',
			() => small.subarray(0, 10),
			/is cut off: the end of the PNG is missing$/,
		],
		[
			'a PNG of 299 px',
			async () => await makeImage({ width: 299, height: 400 }),
			/is too small: 299 × 400 px, the minimum is 300 × 300 px$/,
		],
		[
			'a JPEG of 299 px',
			async () => await makeImage({ width: 400, height: 299, type: 'jpeg' }),
			/is too small: 400 × 299 px, the minimum is 300 × 300 px$/,
		],
		[
			'a ratio of 2.6',
			async () => await makeImage({ width: 780, height: 300 }),
			/is too wide: 780 × 300 px, a ratio of 2\.60:1, the maximum is 2\.5:1$/,
		],
		[
			'a ratio of 1:2.6',
			async () => await makeImage({ width: 300, height: 780 }),
			/is too tall: 300 × 780 px, a ratio of 1:2\.60, the maximum is 1:2\.5$/,
		],
		[
			'half a PNG',
			async () => await truncatedImage({ type: 'png' }),
			/is cut off: the end of the PNG is missing/,
		],
		[
			'half a JPEG',
			async () => await truncatedImage({ type: 'jpeg' }),
			/is cut off: the end of the JPEG is missing/,
		],
		[
			'a PNG that lacks its last bytes',
			() => small.subarray(0, -12),
			/is cut off: the end of the PNG is missing/,
		],
		[
			'a cut JPEG whose header holds a whole preview',
			async () => {
				const whole = await makeImage({ width: 400, height: 400, type: 'jpeg' });
				const preview = Buffer.from([0xff, 0xe1, 0, 8, 0xff, 0xd8, 1, 2, 0xff, 0xd9]);
				return Buffer.concat([whole.subarray(0, 2), preview, whole.subarray(2, -400)]);
			},
			/is cut off: the end of the JPEG is missing/,
		],
		[
			'more than 10 MB',
			async () => await makeImage({ width: 300, height: 300, minimumBytes: 10 * 1024 * 1024 + 1 }),
			/is too large: 10,485,\d{3} bytes, the maximum is 10 MB \(10,485,760 bytes\)$/,
		],
		[
			'11 MB',
			async () => await makeImage({ width: 300, height: 300, minimumBytes: 11 * 1024 * 1024 }),
			/is too large: 11\.0 MB, the maximum is 10 MB/,
		],
	])('%s: refused from a file and as base64, before any request', async (_name, make, found) => {
		const bytes = await make();
		const runs = [
			[await ofBinary(bytes), 'Input Binary Field "data"'],
			[await ofBase64(bytes.toString('base64')), 'Image Base64'],
		] as const;
		for (const [run, label] of runs) {
			expect(run.error?.name).toBe('NodeOperationError');
			expect(run.error?.message).toMatch(found);
			expect(run.error?.message).toMatch(/^Image is /);
			expect(run.error?.description?.endsWith(`.\nParameter: ${label}`)).toBe(true);
		}
		expect(stage.kling.requests).toEqual([]);
	});
});

it('an empty file is refused', async () => {
	const run = await ofBinary(Buffer.alloc(0));
	expect(told(run)).toMatch(/^Image is empty\n.*\nParameter: Input Binary Field "data"$/);
	expect(stage.kling.requests).toEqual([]);
});

describe('a binary field', () => {
	it('of another name is found', async () => {
		const photo = await stage.engine.binary({ content: small });
		const run = await create(
			{ imageSource: 'binary', binaryPropertyName: '={{ $json.field }}' },
			{ items: [{ json: { field: 'photo' }, binary: { photo } }] },
		);
		expect(told(run)).toBe('');
		expect(stage.kling.tasks).toHaveLength(1);
	});

	it('that is missing is refused, and those that are there are named', async () => {
		const [front, back] = [
			await stage.engine.binary({ content: small }),
			await stage.engine.binary({ content: small }),
		];
		const run = await create(
			{ imageSource: 'binary' },
			{ items: [{ json: {}, binary: { front, back } }] },
		);
		expect(run.error?.message).toBe(
			'Input Binary Field names "data", which is not a file of the input item',
		);
		expect(run.error?.description).toContain('The item has these files: front, back.');
		expect(stage.kling.requests).toEqual([]);
	});

	it('of an item without files is refused', async () => {
		const run = await create({ imageSource: 'binary' });
		expect(run.error?.description).toContain('The item has no files: connect a node');
		expect(stage.kling.requests).toEqual([]);
	});
});

it('an unknown source is refused', async () => {
	const run = await create(
		{ imageSource: '={{ $json.source }}', imageUrl: 'https://example.com', imageBase64: 'AAAA' },
		{ items: [{ json: { source: 'ftp' } }] },
	);
	expect(run.error?.message).toBe('Image Source is "ftp"');
	expect(stage.kling.requests).toEqual([]);
});

it('one refused item keeps all others from being paid for, unless the user continues', async () => {
	const [data, broken] = [
		await stage.engine.binary({ content: small }),
		await stage.engine.binary({ content: otherFormat('gif') }),
	];
	const items = [
		{ json: {}, binary: { data } },
		{ json: {}, binary: { data: broken } },
	];
	const run = await create({ imageSource: 'binary' }, { items });
	expect(run.error?.context).toMatchObject({ itemIndex: 1 });
	expect(stage.kling.requests).toEqual([]);
	const going = await create(
		{ imageSource: 'binary' },
		{ items, nodeSettings: { onError: 'continueRegularOutput' } },
	);
	expect(going.items[0]?.json.task_id).toBe(stage.kling.tasks[0]?.task_id);
	expect(going.items[1]?.json.error).toContain('it is a GIF');
	expect(stage.kling.count('create')).toBe(1);
});
