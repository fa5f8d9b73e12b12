import type { ImageFacts } from '../lib/imageFacts';
import { isJpeg, readJpeg } from '../lib/jpeg';
import { isPng, readPng } from '../lib/png';
import { foreignType } from './foreignType';

/** Source: Kling's documentation. */
export const MAX_BYTES = 10 * 1024 * 1024;
const MIN_SIDE_PX = 300;
const MAX_RATIO = 2.5;

export const IMAGE_RULES =
	'JPEG or PNG, at most 10 MB, at least 300 px wide and high, ratio 1:2.5 to 2.5:1';

/** Why Kling would refuse an image. */
export interface Refusal {
	/** The end of "Image …": what was found, and the rule. */
	found: string;
	/** What to do. */
	advice: string;
}

/**
 * By the bytes: file names and MIME types say nothing.
 * @param complete false if `bytes` may be only the beginning of the file: then only what they prove is refused
 */
export function imageRefusal(bytes: Buffer, complete = true): Refusal | undefined {
	if (bytes.length === 0)
		return { found: 'is empty', advice: 'Check the node that reads or downloads it.' };
	if (bytes.length > MAX_BYTES) return tooLarge(bytes.length);
	const facts = factsOf(bytes);
	if (!facts) return foreign(bytes);
	switch (facts.kind) {
		case 'variant':
			return {
				found: `is a ${facts.type} that common software cannot read (${facts.variant})`,
				advice: 'Save it as an ordinary JPEG or PNG.',
			};
		case 'broken':
			return { found: `is a damaged ${facts.type}`, advice: 'Open it and save it again.' };
		case 'cut':
			return complete ? cutOff(facts.type) : undefined;
		case 'image':
			if (complete && !facts.complete) return cutOff(facts.type);
			return sizeRefusal(facts.width, facts.height);
	}
}

/** Undefined for anything but a JPEG or PNG. */
export function factsOf(bytes: Buffer): ImageFacts | undefined {
	if (isJpeg(bytes)) return readJpeg(bytes);
	return isPng(bytes) ? readPng(bytes) : undefined;
}

/** @param bytes of the file, where they are known to be more than the limit */
export function tooLarge(bytes: number): Refusal {
	const megabytes = (bytes / 1024 / 1024).toFixed(1);
	const size = megabytes === '10.0' ? `${bytes.toLocaleString('en-US')} bytes` : `${megabytes} MB`;
	return {
		found: `is too large: ${size}, the maximum is 10 MB (${MAX_BYTES.toLocaleString('en-US')} bytes)`,
		advice: 'Reduce its size, or save it as JPEG.',
	};
}

function foreign(bytes: Buffer): Refusal {
	const type = foreignType(bytes);
	if (type === 'a web page')
		return {
			found: 'is not a JPEG or PNG: it is a web page',
			advice: 'Use the address of the image file itself, which opens without logging in.',
		};
	return {
		found: `is not a JPEG or PNG${type ? `: it is ${type}` : ', regardless of its name'}`,
		advice: 'Convert it to JPEG or PNG.',
	};
}

function cutOff(type: string): Refusal {
	return {
		found: `is cut off: the end of the ${type} is missing`,
		advice: 'Read or download it again.',
	};
}

/** A rotation by 90 degrees in EXIF swaps both sides: these rules hold either way. */
function sizeRefusal(width: number, height: number): Refusal | undefined {
	const size = `${width} × ${height} px`;
	if (Math.min(width, height) < MIN_SIDE_PX)
		return {
			found: `is too small: ${size}, the minimum is ${MIN_SIDE_PX} × ${MIN_SIDE_PX} px`,
			advice: 'Use a larger image.',
		};
	if (Math.max(width / height, height / width) <= MAX_RATIO) return undefined;
	const found =
		width > height
			? `is too wide: ${size}, a ratio of ${ratio(width / height)}:1, the maximum is ${MAX_RATIO}:1`
			: `is too tall: ${size}, a ratio of 1:${ratio(height / width)}, the maximum is 1:${MAX_RATIO}`;
	return { found, advice: 'Crop it.' };
}

/** Rounded up, so that 2.501 does not read as 2.5. */
function ratio(value: number): string {
	return (Math.ceil(value * 100 - 1e-6) / 100).toFixed(2);
}
