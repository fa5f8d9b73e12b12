import sharp from 'sharp';

// Each image is seen once or twice, and many programs run side by side.
sharp.cache(false);
sharp.concurrency(1);

/**
 * `truncated`: libvips refuses an image whose compressed data ends early, and forgives what its decoders forgive:
 * stray bytes, wrong checksums of metadata, damage after which pixels still come out. `limitInputPixels` is its default.
 */
export const DECODER = { failOn: 'truncated', limitInputPixels: 0x3fff * 0x3fff } as const;

export interface DecodedSize {
	/** As libvips calls it: `jpeg`, `png`, `webp`, `gif`, … */
	format: string;
	width: number;
	height: number;
}

/** Decodes all pixels with libvips, another decoder than what the nodes do; undefined where it cannot. */
export async function decodedSize(bytes: Buffer): Promise<DecodedSize | undefined> {
	try {
		const image = sharp(bytes, DECODER);
		const { format } = await image.metadata();
		const { info } = await image.raw().toBuffer({ resolveWithObject: true });
		return { format, width: info.width, height: info.height };
	} catch {
		return undefined;
	}
}
