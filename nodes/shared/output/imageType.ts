import { trimmedText } from '../lib/values';

export interface FileType {
	mimeType: string;
	/** Of a file name, without the dot. */
	extension: string;
}

/** Enough for every type of the table. */
export const SIGNATURE_BYTES = 12;

/** Over the first bytes in hexadecimal. */
const SIGNATURES: ReadonlyArray<FileType & { signature: RegExp }> = [
	{ mimeType: 'image/png', extension: 'png', signature: /^89504e470d0a1a0a/ },
	{ mimeType: 'image/jpeg', extension: 'jpg', signature: /^ffd8ff/ },
	{ mimeType: 'image/webp', extension: 'webp', signature: /^52494646.{8}57454250/ },
	{ mimeType: 'image/gif', extension: 'gif', signature: /^47494638/ },
];

/** By the first bytes, otherwise by the Content-Type, unless that is not an image type or the bytes are text. */
export function imageType(beginning: Buffer, contentType: unknown): FileType | undefined {
	if (beginning.length < SIGNATURE_BYTES) return undefined;
	const hex = beginning.subarray(0, SIGNATURE_BYTES).toString('hex');
	const known = SIGNATURES.find(({ signature }) => signature.test(hex));
	if (known) return { mimeType: known.mimeType, extension: known.extension };
	const named = /^image\/([a-z0-9]+)/.exec(trimmedText(contentType).toLowerCase());
	if (!named || isText(beginning.subarray(0, SIGNATURE_BYTES))) return undefined;
	return { mimeType: named[0], extension: named[1] ?? '' };
}

function isText(bytes: Buffer): boolean {
	return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
}
