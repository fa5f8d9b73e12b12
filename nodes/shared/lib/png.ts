import { MAX_STEPS, type ImageFacts } from './imageFacts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Length, name and checksum around the content of a chunk. */
const CHUNK_BYTES = 12;

const IHDR = name('IHDR');
const PLTE = name('PLTE');
const IDAT = name('IDAT');
const IEND = name('IEND');
const CGBI = name('CgBI');

/** By colour type, the bits a channel may have. Source: PNG specification, 11.2.2. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
	0: [1, 2, 4, 8, 16],
	2: [8, 16],
	3: [1, 2, 4, 8],
	4: [8, 16],
	6: [8, 16],
};

function name(text: string): number {
	return Buffer.from(text, 'latin1').readUInt32BE();
}

export function isPng(bytes: Buffer): boolean {
	return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}

/** Walks the chunks by their lengths, up to IEND. Checksums are not computed, and what metadata holds is not read. */
export function readPng(bytes: Buffer): ImageFacts {
	const type = 'PNG';
	let size: { width: number; height: number } | undefined;
	let hasData = false;
	let at = SIGNATURE.length;
	for (let step = 0; step < MAX_STEPS; step++) {
		if (at + 8 > bytes.length) break;
		const length = bytes.readUInt32BE(at);
		const chunk = bytes.readUInt32BE(at + 4);
		if (chunk === CGBI) return { kind: 'variant', type, variant: "Apple's CgBI" };
		if ((chunk === IHDR) !== (step === 0) || !isReadable(chunk)) return { kind: 'broken', type };
		const end = at + CHUNK_BYTES + length;
		if (end > bytes.length) break;
		if (chunk === IHDR) {
			if (length !== 13 || !isHeader(bytes, at + 8)) return { kind: 'broken', type };
			size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
		}
		hasData ||= chunk === IDAT;
		if (chunk === IEND && size)
			return hasData ? { kind: 'image', type, ...size, complete: true } : { kind: 'broken', type };
		at = end;
	}
	const isCut = at + 8 > bytes.length || at + CHUNK_BYTES + bytes.readUInt32BE(at) > bytes.length;
	if (!isCut) return { kind: 'broken', type };
	return size ? { kind: 'image', type, ...size, complete: false } : { kind: 'cut', type };
}

/** Four letters, the third a capital; a first capital means that a decoder must know the chunk. */
function isReadable(chunk: number): boolean {
	if (chunk === IDAT || chunk === IHDR || chunk === PLTE || chunk === IEND) return true;
	return (
		isLowerCase(chunk >>> 24) &&
		isLowerCase((chunk >>> 16) | 0x20) &&
		isLowerCase((chunk >>> 8) | 0x20) &&
		!isLowerCase(chunk >>> 8) &&
		isLowerCase(chunk | 0x20)
	);
}

/** By the lowest byte. */
function isLowerCase(letter: number): boolean {
	return (letter & 0xff) >= 0x61 && (letter & 0xff) <= 0x7a;
}

function isHeader(bytes: Buffer, at: number): boolean {
	const [depth = 0, colour = 0, compression, filter, interlace = 0] = bytes.subarray(
		at + 8,
		at + 13,
	);
	return (
		bytes.readInt32BE(at) > 0 &&
		bytes.readInt32BE(at + 4) > 0 &&
		DEPTHS[colour]?.includes(depth) === true &&
		compression === 0 &&
		filter === 0 &&
		interlace <= 1
	);
}
