import sharp, { type Sharp } from 'sharp';
import type { Dice } from './sample';

export interface Encoded {
	type: 'jpeg' | 'png';
	name: string;
	bytes: Buffer;
}

/** Noise of RGB or RGBA, each row a bit further: neither encoder makes it tiny. Without a step per pixel, slow under jest. */
function drawn(dice: Dice, width: number, height: number, channels: 3 | 4): Sharp {
	const stride = width * channels;
	const noise = Buffer.alloc(
		2 * stride,
		dice.bytes(499).map((byte, at) => ((at >> 1) + byte / 4) & 0xff),
	);
	const raw = Buffer.alloc(stride * height);
	for (let y = 0; y < height; y++) noise.copy(raw, y * stride, y % stride, (y % stride) + stride);
	return sharp(raw, { raw: { width, height, channels } });
}

const JPEGS: Record<string, (image: Sharp, dice: Dice) => Sharp> = {
	baseline: (image, dice) => image.jpeg({ quality: 20 + dice.below(80) }),
	progressive: (image, dice) => image.jpeg({ progressive: true, quality: 20 + dice.below(80) }),
	'4:4:4': (image) => image.jpeg({ chromaSubsampling: '4:4:4' }),
	mozjpeg: (image) => image.jpeg({ mozjpeg: true }),
	grey: (image) => image.toColourspace('b-w').jpeg(),
	CMYK: (image) => image.toColourspace('cmyk').jpeg(),
	turned: (image, dice) => image.withMetadata({ orientation: 1 + dice.below(8) }).jpeg(),
	'with a profile': (image) => image.withIccProfile('p3').jpeg(),
	'with EXIF': (image) => image.withExif({ IFD0: { Copyright: 'nobody' } }).jpeg(),
};

const PNGS: Record<string, (image: Sharp, dice: Dice) => Sharp> = {
	plain: (image, dice) => image.png({ compressionLevel: dice.below(7) }),
	interlaced: (image) => image.png({ progressive: true }),
	palette: (image, dice) => image.png({ palette: true, effort: 1, colours: 2 + dice.below(254) }),
	'1 bit': (image) => image.png({ palette: true, effort: 1, colours: 2 }),
	grey: (image) => image.toColourspace('b-w').png(),
	'16 bit': (image) => image.toColourspace('rgb16').png(),
	filtered: (image) => image.png({ adaptiveFiltering: true }),
	turned: (image, dice) => image.withMetadata({ orientation: 1 + dice.below(8) }).png(),
};

export async function encode(
	dice: Dice,
	type = dice.pick(['jpeg', 'png'] as const),
	size = { width: 300 + dice.below(120), height: 300 + dice.below(120) },
): Promise<Encoded> {
	const { width, height } = size;
	const encoders = type === 'jpeg' ? JPEGS : PNGS;
	const name = dice.pick(Object.keys(encoders));
	const channels = type === 'png' && dice.below(3) === 0 ? 4 : 3;
	const encoder = encoders[name];
	if (!encoder) throw new Error(`No encoder ${name}`);
	const bytes = await encoder(drawn(dice, width, height, channels), dice).toBuffer();
	return { type, name: `${type} ${name} ${width} × ${height}`, bytes };
}

/** Not JPEG or PNG, of the same drawing. */
export async function encodeOther(dice: Dice): Promise<Encoded['bytes']> {
	const image = drawn(dice, 300 + dice.below(50), 300 + dice.below(50), 3);
	const write = dice.pick([
		() => image.webp(),
		() => image.gif({ effort: 1, colours: 8 }),
		() => image.tiff(),
		() => image.avif({ effort: 0 }),
	]);
	return await write().toBuffer();
}
