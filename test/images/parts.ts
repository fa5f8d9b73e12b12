import { chunk } from '../kling/png';

/** Segments of a JPEG that an encoder wrote: each with its marker; the last one is all from SOS on. */
export interface JpegParts {
	segments: Buffer[];
	scan: Buffer;
}

const SOI = Buffer.from([0xff, 0xd8]);

export function splitJpeg(jpeg: Buffer): JpegParts {
	const segments: Buffer[] = [];
	let at = 2;
	while (jpeg[at + 1] !== 0xda) {
		const end = at + 2 + jpeg.readUInt16BE(at + 2);
		segments.push(jpeg.subarray(at, end));
		at = end;
	}
	return { segments, scan: jpeg.subarray(at) };
}

export function joinJpeg({ segments, scan }: JpegParts): Buffer {
	return Buffer.concat([SOI, ...segments, scan]);
}

/** `marker` is the byte behind 0xff. */
export function segment(marker: number, content: Buffer): Buffer {
	const head = Buffer.from([0xff, marker, 0, 0]);
	head.writeUInt16BE(content.length + 2, 2);
	return Buffer.concat([head, content]);
}

export function isFrame(part: Buffer): boolean {
	const marker = part[1] ?? 0;
	return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

export interface PngChunk {
	type: string;
	content: Buffer;
}

export function splitPng(png: Buffer): PngChunk[] {
	const chunks: PngChunk[] = [];
	for (let at = 8; at < png.length;) {
		const length = png.readUInt32BE(at);
		const type = png.toString('latin1', at + 4, at + 8);
		chunks.push({ type, content: png.subarray(at + 8, at + 8 + length) });
		at += 12 + length;
	}
	return chunks;
}

export function joinPng(chunks: PngChunk[]): Buffer {
	const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
	return Buffer.concat([signature, ...chunks.map(({ type, content }) => chunk(type, content))]);
}

/** Where segments or chunks begin and end. */
export function boundaries(image: Buffer): number[] {
	const isPng = image[0] === 0x89;
	const lengths = isPng
		? splitPng(image).map(({ content }) => content.length + 12)
		: splitJpeg(image).segments.map(({ length }) => length);
	const found = [isPng ? 8 : 2];
	for (const length of lengths) found.push((found.at(-1) ?? 0) + length);
	return found;
}
