import { MAX_STEPS, type ImageFacts } from './imageFacts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const END = Buffer.from([0xff, EOI]);
/** The end marker is usually within this many bytes of the end of the file. */
const TAIL_BYTES = 4_096;

/** Of a JPEG with another start of frame, which hardly any software decodes. Source: ITU-T T.81, table B.1. */
const VARIANTS: Readonly<Record<number, string>> = {
	0xc3: 'lossless',
	0xc5: 'hierarchical',
	0xc6: 'hierarchical',
	0xc7: 'lossless and hierarchical',
	0xcb: 'lossless',
	0xcd: 'hierarchical',
	0xce: 'hierarchical',
	0xcf: 'lossless and hierarchical',
	0xf7: 'JPEG-LS',
};

/** Baseline, extended and progressive; the last two with arithmetic coding. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);

interface Frame {
	precision: number;
	width: number;
	height: number;
}

export function isJpeg(bytes: Buffer): boolean {
	return bytes[0] === 0xff && bytes[1] === SOI;
}

/**
 * Walks the segments up to the compressed data, as tolerant as libjpeg: fill bytes and stray bytes between segments
 * pass, and what the segments of metadata hold is not read.
 */
export function readJpeg(bytes: Buffer): ImageFacts {
	const type = 'JPEG';
	let frame: Frame | undefined;
	let at = 2;
	for (let step = 0; step < MAX_STEPS; step++) {
		const start = bytes[at] === 0xff ? at : bytes.indexOf(0xff, at);
		const marker = start < 0 ? undefined : bytes[start + 1];
		if (marker === undefined) return cutAfter(frame);
		at = start + 2;
		// A fill byte: the next one may be the marker.
		if (marker === 0xff) at = start + 1;
		if (marker === 0xff || standsAlone(marker)) continue;
		if (marker in VARIANTS) return { kind: 'variant', type, variant: VARIANTS[marker] ?? '' };
		if (!hasSegment(marker)) return { kind: 'broken', type };
		if (at + 2 > bytes.length) return cutAfter(frame);
		// The length counts its own two bytes.
		const end = at + Math.max(2, bytes.readUInt16BE(at));
		if (end > bytes.length) return cutAfter(frame);
		if (FRAMES.has(marker)) {
			if (frame || end - at < 8) return { kind: 'broken', type };
			frame = readFrame(bytes, at + 2);
			if (frame.precision !== 8)
				return { kind: 'variant', type, variant: `${frame.precision} bits per channel` };
		}
		if (marker === SOS)
			return frame ? factsOf(frame, hasEnd(bytes, end)) : { kind: 'broken', type };
		at = end;
	}
	return { kind: 'broken', type };
}

/** TEM, RST0 to RST7, and the zero after an 0xff that is no marker. */
function standsAlone(marker: number): boolean {
	return marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Decoders reject all other markers: a second SOI, an early EOI, and reserved ones. */
function hasSegment(marker: number): boolean {
	const isTable = marker === 0xc4 || marker === 0xcc || (marker >= SOS && marker <= 0xdd);
	return isTable || FRAMES.has(marker) || (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

function readFrame(bytes: Buffer, at: number): Frame {
	return {
		precision: bytes[at] ?? 0,
		height: bytes.readUInt16BE(at + 1),
		width: bytes.readUInt16BE(at + 3),
	};
}

/** The end marker cannot occur within compressed data, and that of a preview lies in the metadata, before `from`. */
function hasEnd(bytes: Buffer, from: number): boolean {
	const data = bytes.subarray(from);
	return data.subarray(-TAIL_BYTES).includes(END) || wordsHaveEnd(data);
}

/**
 * Four bytes at a time, so that it takes the same few milliseconds for any 10 MB: searching for two bytes natively
 * takes 200 ms where the bytes are made for it. Unaligned bytes at the start and words at the end are left out.
 */
function wordsHaveEnd(data: Buffer): boolean {
	const skipped = (4 - (data.byteOffset & 3)) & 3;
	if (data.subarray(0, skipped + 1).includes(END)) return true;
	const length = Math.max(0, data.length - skipped) >> 2;
	const words = new Int32Array(data.buffer, data.byteOffset + skipped, length);
	let next = 0;
	for (let index = length - 1; index >= 0; index--) {
		const word = words[index] ?? 0;
		// Zero in each byte that is 0xff and is followed by 0xd9 (little-endian).
		const pairs = ~word | (((word >>> 8) | (next << 24)) ^ 0xd9d9d9d9);
		if ((pairs - 0x01010101) & ~pairs & 0x80808080) return true;
		next = word;
	}
	return false;
}

function cutAfter(frame: Frame | undefined): ImageFacts {
	return frame ? factsOf(frame, false) : { kind: 'cut', type: 'JPEG' };
}

function factsOf({ width, height }: Frame, complete: boolean): ImageFacts {
	return width === 0 || height === 0
		? { kind: 'broken', type: 'JPEG' }
		: { kind: 'image', type: 'JPEG', width, height, complete };
}
