import { drawProductImage, drawView, makeImage, readProductImage, startKling } from '../../kling';
import { average } from '../../kling/average';
import { decode } from '../../kling/decode';
import { encodePng } from '../../kling/png';
import { bodyColour } from '../../kling/robot/colour';
import { makeViewMaker } from '../../kling/views';

const pixels = (png: Buffer): Uint8Array => decode(png).bitmap.data;

/** The mean difference of the pixels of two images of one size, 0 to 255. */
function difference(one: Uint8Array, other: Uint8Array): number {
	expect(one.length).toBe(other.length);
	// A prime, so that all channels have their turn.
	const step = 7;
	let sum = 0;
	for (let at = 0; at < one.length; at += step) {
		const apart = (one[at] ?? 0) - (other[at] ?? 0);
		sum += apart < 0 ? -apart : apart;
	}
	return (sum * step) / one.length;
}

const plain = (red: number, green: number, blue: number) =>
	encodePng(300, 300, Buffer.alloc(300 * 300 * 3, Buffer.from([red, green, blue])));

async function viewsOf(images: Buffer[], view = 0): Promise<Buffer[]> {
	const sources = new Map(images.map((image, index) => [String(index), image]));
	const makeView = makeViewMaker(sources);
	return await Promise.all(images.map((_, index) => makeView(String(index), view, 'image/png')));
}

it('the product image in the repository is the front of the robot', () => {
	expect(difference(pixels(drawProductImage()), pixels(readProductImage()))).toBeLessThan(0.5);
});

it('the views of the product image have its colours, other images their own', async () => {
	const [product = Buffer.alloc(0), blue = Buffer.alloc(0), green = Buffer.alloc(0)] =
		await viewsOf([readProductImage(), plain(40, 60, 200), plain(30, 160, 60)]);
	expect(product.equals(drawView(0, 512))).toBe(true);
	expect(difference(pixels(product), pixels(blue))).toBeGreaterThan(1);
	expect(difference(pixels(green), pixels(blue))).toBeGreaterThan(1);
	const [r, g, b] = average({ data: pixels(blue) });
	expect(b).toBeGreaterThan(Math.max(r, g));
});

it('nine angles that differ, each drawn the same twice', () => {
	const drawn = Array.from({ length: 9 }, (_, view) => drawView(view, 128));
	const shown = drawn.map(pixels);
	for (const [view, image] of shown.entries()) {
		expect(drawView(view, 128).equals(drawn[view] ?? Buffer.alloc(0))).toBe(true);
		for (const other of shown.slice(view + 1)) expect(difference(image, other)).toBeGreaterThan(2);
	}
});

it.each<[string, [number, number, number], (colour: readonly number[]) => boolean]>([
	['dull red', [140, 120, 118], ([r = 0, g = 0, b = 0]) => r > 1.1 * g && r > 1.1 * b],
	['blue', [20, 30, 120], ([r = 0, , b = 0]) => b > 2 * r],
	['grey', [128, 128, 128], ([r, g, b]) => r === g && g === b],
	['black', [0, 0, 0], ([r, g, b]) => r === g && g === b],
	['white', [255, 255, 255], ([r = 0]) => r > 200],
])('%s stays so on the robot', (_name, mean, fits) => {
	const colour = bodyColour(mean);
	expect(colour.every((channel) => channel >= 0 && channel <= 255)).toBe(true);
	expect(fits(colour)).toBe(true);
});

it('views keep the image rules, so that an element can be made of them', async () => {
	const kling = await startKling();
	try {
		const { task_id } = kling.createTask({ status: 'succeed', frontImage: await makeImage() });
		const answer = await fetch(`${kling.baseUrl}/v1/general/ai-multi-shot/${task_id}`, {
			headers: { authorization: `Bearer ${kling.apiKey}` },
		});
		const [url = ''] = /http[^"]+/.exec(await answer.text()) ?? [];
		const made = await fetch(`${kling.baseUrl}/v1/general/ai-multi-shot`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${kling.apiKey}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({ element_frontal_image: url }),
		});
		expect(made.status).toBe(200);
	} finally {
		await kling.close();
	}
});
