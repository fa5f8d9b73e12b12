import type { JimpInstance } from 'jimp';
import { decode } from './decode';
import { encodePng } from './png';
import { picture as testPicture } from './testPictures';

/** Small, since codecs in JavaScript are slow under jest: 9 views take about a second. */
const LONGEST_SIDE_PX = 256;

type PictureType = 'image/png' | 'image/jpeg';

/** `view` is 0 to 8, three a set. A picture that nobody kept is a drawing. */
export type ViewMaker = (sha256: string, view: number, type: PictureType) => Promise<Buffer>;

/** Set 0 is turned, set 1 is coloured, set 2 is near. */
const VIEWS: ReadonlyArray<(picture: JimpInstance) => void> = [
	(picture) => picture.flip({ horizontal: true }),
	(picture) => picture.rotate(90),
	(picture) => picture.rotate(180),
	(picture) => mix(picture, ([red, green, blue]) => [green, blue, red]),
	(picture) => mix(picture, ([red, green, blue]) => [blue, red, green]),
	(picture) => mix(picture, ([red, green, blue]) => [255 - red, 255 - green, 255 - blue]),
	(picture) => picture.crop(part(picture, 0, 0, 0.6)),
	(picture) => picture.crop(part(picture, 0.4, 0.4, 0.6)),
	(picture) => picture.crop(part(picture, 0.25, 0.25, 0.5)),
];

/** Made when first asked for, and kept. `sources` holds the pictures that were sent in, by SHA-256. */
export function makeViewMaker(sources: ReadonlyMap<string, Buffer>): ViewMaker {
	const small = new Map<string, Promise<JimpInstance>>();
	const views = new Map<string, Promise<Buffer>>();
	return async (sha256, view, type) => {
		const source = remember(small, sha256, async () => await shrink(sources.get(sha256)));
		return await remember(views, `${sha256} ${view} ${type}`, async () => {
			const picture = (await source).clone();
			VIEWS[view]?.(picture);
			return await encode(picture, type);
		});
	};
}

async function shrink(source: Buffer | undefined): Promise<JimpInstance> {
	const picture = decode(source ?? (await testPicture({ width: 512, height: 512 })));
	if (Math.max(picture.width, picture.height) > LONGEST_SIDE_PX) {
		picture.scaleToFit({ w: LONGEST_SIDE_PX, h: LONGEST_SIDE_PX });
	}
	return picture;
}

function remember<Value>(
	kept: Map<string, Promise<Value>>,
	key: string,
	make: () => Promise<Value>,
): Promise<Value> {
	const value = kept.get(key) ?? make();
	kept.set(key, value);
	return value;
}

type Colour = [red: number, green: number, blue: number];

function mix(picture: JimpInstance, change: (colour: Colour) => Colour): void {
	const { data } = picture.bitmap;
	for (let offset = 0; offset < data.length; offset += 4) {
		const pixel: Colour = [data[offset] ?? 0, data[offset + 1] ?? 0, data[offset + 2] ?? 0];
		[data[offset], data[offset + 1], data[offset + 2]] = change(pixel);
	}
}

function part({ width, height }: JimpInstance, left: number, top: number, size: number) {
	const x = Math.floor(width * left);
	const y = Math.floor(height * top);
	return { x, y, w: Math.floor(width * size), h: Math.floor(height * size) };
}

async function encode(picture: JimpInstance, type: PictureType): Promise<Buffer> {
	if (type === 'image/jpeg') return await picture.getBuffer(type);
	const { width, height, data } = picture.bitmap;
	const rgb = Buffer.alloc(width * height * 3);
	for (let pixel = 0; pixel < width * height; pixel++) {
		for (let channel = 0; channel < 3; channel++) {
			rgb[pixel * 3 + channel] = data[pixel * 4 + channel] ?? 0;
		}
	}
	return encodePng(width, height, rgb);
}
