import { measure } from './imageSize';

/** Source: Kling's documentation. */
export const MAX_BYTES = 10 * 1024 * 1024;
const MIN_SIDE_PX = 300;
const MAX_RATIO = 2.5;
const TYPES: Readonly<Record<string, string>> = { jpg: 'JPEG', png: 'PNG' };

export const PICTURE_RULES =
	'JPEG or PNG, at most 10 MB, at least 300 px wide and high, ratio 1:2.5 to 2.5:1';

/**
 * What Kling would refuse a picture for, seen from its bytes: file names and MIME types say nothing.
 * @param complete false where `bytes` is only the beginning of the file
 * @returns what was found, as the end of "The picture …", or undefined
 */
export function refusedPicture(bytes: Uint8Array, complete = true): string | undefined {
	if (bytes.length === 0) return 'is empty';
	if (bytes.length > MAX_BYTES) return `has ${megabytes(bytes.length)}`;
	const size = measure(bytes);
	// The size of a JPEG stands behind its header, which may be larger than the beginning.
	if (!size && !complete && bytes[0] === 0xff && bytes[1] === 0xd8) return undefined;
	const type = TYPES[size?.type ?? ''];
	if (!size || !type)
		return `is not a JPEG or PNG, whatever its name says${foundType(bytes, size?.type)}`;
	if (complete && isTruncated(bytes, type)) return `is cut off: the end of the ${type} is missing`;
	// A JPEG with this orientation is shown, and measured by Kling, turned by 90 degrees: the rules hold either way.
	const { width, height } = size;
	if (width < MIN_SIDE_PX || height < MIN_SIDE_PX) return `has ${width} × ${height} px`;
	if (Math.max(width / height, height / width) > MAX_RATIO)
		return `has ${width} × ${height} px, a ratio of ${ratio(width, height)}`;
	return undefined;
}

export function megabytes(bytes: number): string {
	return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function foundType(bytes: Uint8Array, type: string | undefined): string {
	if (type) return ` (it is ${type.toUpperCase()})`;
	const start = Buffer.from(bytes.subarray(0, 40)).toString('latin1').trimStart().toLowerCase();
	return start.startsWith('<!doctype') || start.startsWith('<html') ? ' (it is a web page)' : '';
}

function ratio(width: number, height: number): string {
	return width > height ? `${(width / height).toFixed(2)}:1` : `1:${(height / width).toFixed(2)}`;
}

function isTruncated(bytes: Uint8Array, type: string): boolean {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (type === 'PNG') return buffer.lastIndexOf('IEND', undefined, 'latin1') < 0;
	// A preview in the header ends like a picture, so the end counts only behind the start of the scan.
	return buffer.lastIndexOf(Buffer.from([0xff, 0xd9])) < startOfScan(buffer);
}

/** Walks the segments of a JPEG: marker, then a length of two bytes that counts itself. */
function startOfScan(jpeg: Buffer): number {
	let at = 2;
	while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda)
		at += 2 + jpeg.readUInt16BE(at + 2);
	return at;
}
