import { decode } from './decode';
import { drawing } from './drawing';
import { chunk, encodePng } from './png';

export interface ImageOptions {
	/** Pixels, 800 unless told. */
	width?: number;
	height?: number;
	type?: 'png' | 'jpeg';
	/** Other colours, so that the bytes differ. */
	variant?: number;
	/** Grown to at least so many bytes by a part of the file that decoders skip. */
	minimumBytes?: number;
}

const made = new Map<string, Promise<Buffer>>();

/** An image that decodes. The same options give the same Buffer: do not write to it. */
export function makeImage(options: ImageOptions = {}): Promise<Buffer> {
	const { width = 800, height = 800, type = 'png', variant = 0, minimumBytes = 0 } = options;
	const key = [width, height, type, variant, minimumBytes].join(' ');
	const kept = made.get(key) ?? make(width, height, type, variant, minimumBytes);
	made.set(key, kept);
	return kept;
}

async function make(
	width: number,
	height: number,
	type: 'png' | 'jpeg',
	variant: number,
	minimumBytes: number,
): Promise<Buffer> {
	const png = encodePng(width, height, drawing(width, height, variant));
	if (type === 'png') return padPng(png, minimumBytes - png.length);
	const jpeg = await decode(png).getBuffer('image/jpeg');
	return padJpeg(jpeg, minimumBytes - jpeg.length);
}

/** The first `share` of an image: its header can be read, its pixels cannot. */
export async function truncatedImage(options: ImageOptions = {}, share = 0.5): Promise<Buffer> {
	const whole = await makeImage(options);
	return whole.subarray(0, Math.floor(whole.length * share));
}

/** What a file of another format begins with, then zeros. */
export function otherFormat(format: keyof typeof MAGIC): Buffer {
	return Buffer.concat([Buffer.from(MAGIC[format], 'latin1'), Buffer.alloc(512)]);
}

const MAGIC = {
	gif: 'GIF89a\x20\x03\x20\x03\x80\x00\x00',
	webp: 'RIFF\x00\x02\x00\x00WEBPVP8 \x00\x02\x00\x00\x10\x00\x00\x9d\x01\x2a\x20\x03\x20\x03',
	bmp: 'BM\x36\x02\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x20\x03\x00\x00\x20\x03\x00\x00\x01\x00\x18\x00',
	heic: '\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic',
	svg: '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800"></svg>',
	pdf: '%PDF-1.7\n',
	html: '<!doctype html><title>Not found</title>',
};

/** IEND is the last 12 bytes; a private chunk that decoders skip goes before it. */
function padPng(bytes: Buffer, missing: number): Buffer {
	if (missing <= 0) return bytes;
	const padding = chunk('paDd', Buffer.alloc(missing));
	return Buffer.concat([bytes.subarray(0, -12), padding, bytes.subarray(-12)]);
}

/** Comment segments of at most 65,533 bytes after the first two bytes. */
function padJpeg(bytes: Buffer, missing: number): Buffer {
	const segments: Buffer[] = [];
	for (let left = missing; left > 0; left -= 65_533) {
		const segment = Buffer.alloc(4 + Math.min(left, 65_533));
		segment.writeUInt16BE(0xfffe);
		segment.writeUInt16BE(segment.length - 2, 2);
		segments.push(segment);
	}
	return Buffer.concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2)]);
}
