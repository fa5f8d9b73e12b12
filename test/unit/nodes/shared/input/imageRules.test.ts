import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageRefusal } from '../../../../../nodes/shared/input/imageRules';
import { buildSamples } from '../../../../images/build';
import { HOSTILE } from '../../../../images/hostile';
import { judge, type Tally } from '../../../../images/judge';
import { segment } from '../../../../images/parts';
import type { Kind } from '../../../../images/sample';
import { makeImage } from '../../../../kling';
import { chunk } from '../../../../kling/png';
import { cpuMsOf } from '../../../../support/cpuTime';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';

const stage = useStage({ mode: 'manual' });

const FIXTURES = join(__dirname, '../../../../fixtures/images');
const fixtures = readdirSync(FIXTURES);
const read = (name: string) => readFileSync(join(FIXTURES, name));

/** By `npm run test:images` there are 3,000. */
const IMAGES = 120;

it('agrees with a real decoder', async () => {
	const tallies = new Map<Kind, Tally>();
	for await (const sample of buildSamples(IMAGES, 2)) await judge(sample, tallies);
	const all = [...tallies.values()];
	expect(all.reduce((total, { images }) => total + images, 0)).toBeGreaterThan(IMAGES);
	expect(all.flatMap(({ wronglyRefused }) => wronglyRefused)).toEqual([]);
	tallies.delete('damaged');
	expect([...tallies.values()].flatMap(({ wronglySent }) => wronglySent)).toEqual([]);
});

it.each(fixtures.filter((name) => name.startsWith('jpeg-')))('%s is accepted', (name) => {
	expect(imageRefusal(read(name))).toBeUndefined();
});

it("Apple's CgBI is refused", () => {
	expect(imageRefusal(read('png-cgbi-by-xcode.png'))?.found).toBe(
		"is a PNG that common software cannot read (Apple's CgBI)",
	);
});

it('the local Kling takes and refuses the same', async () => {
	for (const name of fixtures) {
		const data = await stage.engine.binary({ content: read(name), fileName: name });
		const run = await stage.engine.runNode({
			parameters: { operation: 'create', waitForCompletion: false, imageSource: 'binary' },
			items: [{ json: {}, binary: { data } }],
		});
		expect([name, told(run) === '']).toEqual([name, name.startsWith('jpeg-')]);
	}
	expect(stage.kling.tasks).toHaveLength(5);
	// An address is not looked into: here Kling's own decoder decides.
	const imageUrl = stage.kling.serve('cgbi.png', read('png-cgbi-by-xcode.png'));
	const run = await stage.engine.runNode({ parameters: { operation: 'create', imageUrl } });
	expect(told(run)).toContain('Image format is invalid');
});

describe('work on a hostile file is bounded', () => {
	/** More of them than any camera or editor writes. */
	const MANY = 40_000;
	const comments = (count: number) =>
		Buffer.concat(Array<Buffer>(count).fill(segment(0xfe, Buffer.alloc(0))));
	const texts = (count: number) => Buffer.concat(Array<Buffer>(count).fill(chunk('teXt')));

	it.each([
		['JPEG', 20, undefined],
		['JPEG', MANY, 'is a damaged JPEG'],
		['PNG', 20, undefined],
		['PNG', MANY, 'is a damaged PNG'],
	])('a %s with %i segments or chunks: %s', async (type, count, found) => {
		const isJpeg = type === 'JPEG';
		const image = await makeImage({ width: 400, height: 400, type: isJpeg ? 'jpeg' : 'png' });
		// Behind SOI, or behind the signature and IHDR.
		const at = isJpeg ? 2 : 8 + 25;
		const added = isJpeg ? comments(count) : texts(count);
		const bytes = Buffer.concat([image.subarray(0, at), added, image.subarray(at)]);
		expect(imageRefusal(bytes)?.found).toBe(found);
	});

	it.each(Object.entries(HOSTILE))('10 MB of %s: milliseconds, not seconds', (_name, build) => {
		const bytes = build();
		// By `npm run test:images` it is under 10 ms. This machine may be busy, and coverage slows it down.
		expect(cpuMsOf(() => imageRefusal(bytes))).toBeLessThan(300);
	});
});

describe('what it is instead is said', () => {
	it.each([
		['an AVIF', '\0\0\0\x1cftypavif\0\0\0\0'],
		['a HEIC', '\0\0\0\x18ftypheic\0\0\0\0'],
		['a video', '\0\0\0\x18ftypmp42\0\0\0\0'],
		['a TIFF', 'II*\0\x08\0\0\0'],
		['a JPEG XL', '\xff\x0a\0\0'],
		['a JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
		['a Photoshop file', '8BPS\0\x01'],
		['a ZIP or Office file', 'PK\x03\x04'],
		['an SVG', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg>'],
		['an XML text', '<?xml version="1.0"?><Error/>'],
		['a JSON text', ' {"error":"gone"}'],
		['a web page', '\n<html lang="en">'],
	])('%s', (type, start) => {
		const refusal = imageRefusal(Buffer.from(start, 'latin1'));
		expect(refusal?.found).toBe(`is not a JPEG or PNG: it is ${type}`);
	});
});
