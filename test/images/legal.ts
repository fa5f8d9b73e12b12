import { chunk } from '../kling/png';
import { isFrame, joinJpeg, joinPng, segment, splitJpeg, splitPng, type JpegParts } from './parts';
import type { Dice } from './sample';

type Change = (parts: JpegParts, dice: Dice, whole: Buffer) => Buffer;

const EXIF = Buffer.from('Exif\0\0', 'latin1');
const fills = (dice: Dice) => Buffer.alloc(1 + dice.below(20), 0xff);
/** What is no marker: nothing behind 0xff but zero. */
const strays = (dice: Dice) =>
	Buffer.from(
		[...dice.bytes(1 + dice.below(30))].flatMap((byte) => (byte === 0xff ? [byte, 0] : byte)),
	);

function between(parts: JpegParts, dice: Dice, extra: (dice: Dice) => Buffer): Buffer {
	const segments = parts.segments.flatMap((one) =>
		dice.below(2) === 0 ? [extra(dice), one] : [one],
	);
	return joinJpeg({ segments: [extra(dice), ...segments], scan: parts.scan });
}

function withSegment({ segments, scan }: JpegParts, marker: number, content: Buffer): Buffer {
	return joinJpeg({ segments: [segment(marker, content), ...segments], scan });
}

/** Metadata, fill bytes and leftovers that decoders do not mind. */
export const JPEG_CHANGES: Readonly<Record<string, Change>> = {
	'fill bytes': (parts, dice) => between(parts, dice, fills),
	'stray bytes': (parts, dice) => between(parts, dice, strays),
	'no metadata': ({ segments, scan }) =>
		joinJpeg({ segments: segments.filter((one) => (one[1] ?? 0) < 0xe0), scan }),
	'frame first': ({ segments, scan }) =>
		joinJpeg({
			segments: [...segments.filter(isFrame), ...segments.filter((one) => !isFrame(one))],
			scan,
		}),
	'EXIF of noise': (parts, dice) =>
		withSegment(parts, 0xe1, Buffer.concat([EXIF, dice.bytes(dice.below(400))])),
	'EXIF cut short': (parts, dice) => {
		const tiff = Buffer.from('II*\0\x08\0\0\0\x09\0\x12\x01\x03\0', 'latin1');
		return withSegment(parts, 0xe1, Buffer.concat([EXIF, tiff.subarray(0, dice.below(15))]));
	},
	'EXIF directory elsewhere': (parts, dice) => {
		const tiff = Buffer.from('MM\0*\0\0\0\0\0\0', 'latin1');
		tiff.writeUInt32BE(dice.below(2 ** 31), 4);
		return withSegment(parts, 0xe1, Buffer.concat([EXIF, tiff, dice.bytes(40)]));
	},
	'a preview': (parts, _dice, whole) =>
		withSegment(
			parts,
			0xe1,
			Buffer.concat([EXIF, whole.subarray(0, 60_000), Buffer.from([0xff, 0xd9])]),
		),
	'a long comment': (parts, dice) => withSegment(parts, 0xfe, dice.bytes(60_000)),
	// Not many more: libvips gives up after some hundred warnings about stray bytes.
	'many comments': ({ segments, scan }, dice) => {
		const comments = Array.from({ length: 40 }, () => segment(0xfe, dice.bytes(dice.below(9))));
		return joinJpeg({ segments: [...comments, ...segments], scan });
	},
	'bytes behind the end': (_parts, dice, whole) =>
		Buffer.concat([whole, dice.bytes(1 + dice.below(3_000))]),
	'another image behind the end': (_parts, _dice, whole) => Buffer.concat([whole, whole]),
	'maker notes': (parts, dice) =>
		withSegment(parts, 0xe2 + dice.below(14), dice.bytes(dice.below(2_000))),
};

export function changedJpeg(jpeg: Buffer, name: string, dice: Dice): Buffer {
	const change = JPEG_CHANGES[name];
	if (!change) throw new Error(`No change ${name}`);
	return change(splitJpeg(jpeg), dice, jpeg);
}

/** Written as raw chunks, since some have wrong checksums. */
const EXTRA_CHUNKS: Readonly<Record<string, (dice: Dice) => Buffer>> = {
	'IEND in a text': () => chunk('tEXt', Buffer.from('Comment\0the IEND of it')),
	'a broken EXIF': (dice) => chunk('eXIf', dice.bytes(20)),
	'a private chunk': (dice) => chunk('prVt', dice.bytes(dice.below(5_000))),
	'a wrong checksum in a text': (dice) => {
		const text = chunk('tEXt', Buffer.from('Author\0nobody'));
		text.writeUInt32BE(dice.below(2 ** 31), text.length - 4);
		return text;
	},
	'a time': () => chunk('tIME', Buffer.from([7, 226, 1, 1, 0, 0, 0])),
	'an international text': () => chunk('iTXt', Buffer.from('XML:com.adobe.xmp\0\0\0\0\0<x/>')),
};

export const PNG_CHANGES = [
	...Object.keys(EXTRA_CHUNKS),
	'data in small chunks',
	'bytes behind the end',
];

export function changedPng(png: Buffer, name: string, dice: Dice): Buffer {
	if (name === 'bytes behind the end')
		return Buffer.concat([png, dice.bytes(1 + dice.below(3_000))]);
	if (name === 'data in small chunks') {
		const size = 20 + dice.below(3_000);
		return joinPng(
			splitPng(png).flatMap(({ type, content }) =>
				type === 'IDAT'
					? Array.from({ length: Math.ceil(content.length / size) }, (_, index) => ({
							type,
							content: content.subarray(index * size, (index + 1) * size),
						}))
					: [{ type, content }],
			),
		);
	}
	const extra = EXTRA_CHUNKS[name];
	if (!extra) throw new Error(`No change ${name}`);
	// Behind IHDR, or before IEND.
	const at = dice.below(2) === 0 ? 33 : png.length - 12;
	return Buffer.concat([png.subarray(0, at), extra(dice), png.subarray(at)]);
}
