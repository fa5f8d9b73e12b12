import { deflateRawSync, inflateSync } from 'node:zlib';
import { chunk } from '../kling/png';
import { otherFormat } from '../kling';
import { encodeOther, type Encoded } from './encoded';
import { boundaries, isFrame, joinJpeg, joinPng, splitJpeg, splitPng } from './parts';
import type { Dice } from './sample';

/** Cut at a boundary of segments or chunks, beside one, or anywhere; a PNG perhaps with IEND in a text. */
export function cutOff({ type, bytes }: Encoded, dice: Dice): { name: string; bytes: Buffer } {
	const hasText = type === 'png' && dice.below(3) === 0;
	const text = chunk('tEXt', Buffer.from('Comment\0IEND\xae\x42\x60\x82', 'latin1'));
	const image = hasText ? Buffer.concat([bytes.subarray(0, 33), text, bytes.subarray(33)]) : bytes;
	const at = dice.pick([
		() => dice.pick(boundaries(image)) + dice.below(3) - 1,
		() => dice.below(image.length),
		() => image.length - 1 - dice.below(40),
	])();
	const end = Math.max(0, Math.min(at, image.length - 1));
	return {
		name: `${type}${hasText ? ' with IEND in a text' : ''} to byte ${end}`,
		bytes: image.subarray(0, end),
	};
}

const TEXTS = [
	'<!DOCTYPE html><html><body>Sign in</body></html>',
	'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
	'{"error":"not found"}',
	'%PDF-1.7\n1 0 obj',
	'PK\x03\x04\x14\0\0\0',
	'GIF89a',
	'iVBORw0KGgoAAAANSUhEUg==',
	'data:image/png;base64,iVBORw0KGgo=',
	'\0\0\0\x18ftypmp42\0\0\0\0mp42isom',
	'\0\0\0\x0cJXL \r\n\x87\n',
	'\0\0\0\x0cjP  \r\n\x87\n',
	'8BPS\0\x01',
	'',
];

export async function anotherType(
	{ bytes }: Encoded,
	dice: Dice,
): Promise<{ name: string; bytes: Buffer }> {
	const make = dice.pick([
		async () => ({ name: 'another encoder', bytes: await encodeOther(dice) }),
		async () => ({ name: 'text', bytes: Buffer.from(dice.pick(TEXTS), 'latin1') }),
		async () => ({
			name: 'a signature',
			bytes: otherFormat(dice.pick(['gif', 'webp', 'bmp', 'heic', 'svg', 'pdf', 'html'] as const)),
		}),
		async () => ({ name: 'noise', bytes: dice.bytes(dice.below(2_000)) }),
		async () => ({ name: 'bytes before it', bytes: Buffer.concat([Buffer.from('\r\n'), bytes]) }),
		async () => ({ name: 'as base64', bytes: Buffer.from(bytes.toString('base64')) }),
	]);
	return await make();
}

/** Their data is not what the marker says; a decoder that could read it would fail on it, too. */
const FOREIGN_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xcb, 0xcd, 0xce, 0xcf, 0xf7];

export function foreignVariant(
	{ type, bytes }: Encoded,
	dice: Dice,
): { name: string; bytes: Buffer } {
	if (type === 'jpeg') {
		const marker = dice.pick(FOREIGN_FRAMES);
		const { segments, scan } = splitJpeg(bytes);
		const has12Bits = dice.below(4) === 0;
		const changed = segments.map((one) => {
			if (!isFrame(one)) return one;
			const frame = Buffer.from(one);
			frame[has12Bits ? 4 : 1] = has12Bits ? 12 : marker;
			return frame;
		});
		const name = has12Bits ? '12 bits' : `frame ${marker.toString(16)}`;
		return { name: `jpeg ${name}`, bytes: joinJpeg({ segments: changed, scan }) };
	}
	const chunks = splitPng(bytes);
	if (dice.below(2) === 0) {
		const [header, ...rest] = chunks;
		if (!header) throw new Error('A PNG without chunks');
		const extra = { type: dice.pick(['ABCD', 'JHDR', 'XXXX']), content: dice.bytes(8) };
		return { name: 'png with a critical chunk', bytes: joinPng([header, extra, ...rest]) };
	}
	const data = Buffer.concat(chunks.filter((one) => one.type === 'IDAT').map((one) => one.content));
	const cgbi = [
		{ type: 'CgBI', content: Buffer.from([0x50, 0, 0x20, 6]) },
		...chunks.filter((one) => one.type === 'IHDR'),
		{ type: 'IDAT', content: deflateRawSync(inflateSync(data)) },
		{ type: 'IEND', content: Buffer.alloc(0) },
	];
	return { name: 'png CgBI', bytes: joinPng(cgbi) };
}

/** What ends the file is not touched: without it a file counts as cut off. */
const END_BYTES = 12;

/** A byte or some are other ones: in the compressed data, or anywhere. */
export function damaged({ type, bytes }: Encoded, dice: Dice): { name: string; bytes: Buffer } {
	const copy = Buffer.from(bytes);
	const from = dice.below(4) === 0 ? 8 : Math.floor(bytes.length / 4);
	const count = 1 + dice.below(4);
	for (let flip = 0; flip < count; flip++)
		copy[from + dice.below(bytes.length - from - END_BYTES)] = dice.below(256);
	return { name: `${type} with ${count} other bytes`, bytes: copy };
}
