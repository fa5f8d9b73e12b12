import { createHash } from 'node:crypto';
import axios from 'axios';
import { decodedSize, type DecodedSize } from './decodedSize';
import { KlingError } from './errors';
import { isLoopback } from './loopback';
import { PRODUCT_URL, readProductImage } from './product';
import type { Switches } from './switches';

const SMALLEST_SIDE_PX = 300;
const WIDEST_RATIO = 2.5;
const FETCH_TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 5;

export interface InputImage {
	bytes: Buffer;
	sha256: string;
	width: number;
	height: number;
	/** Under 300 px, and accepted all the same: the task will fail. */
	tooSmall: boolean;
}

/** `value` is a URL or raw base64. Throws 1201 for anything that the image rules refuse. */
export async function readInputImage(value: string, switches: Switches): Promise<InputImage> {
	const isUrl = /^https?:\/\//i.test(value);
	const bytes = isUrl ? await fetchImage(value, switches.maxImageBytes) : decodeBase64(value);
	if (bytes.length === 0) throw new KlingError(1201, 'Image is empty');
	if (bytes.length > switches.maxImageBytes) {
		throw new KlingError(1201, `Image size exceeds ${switches.maxImageBytes} bytes`);
	}
	const { width, height } = await measure(bytes);
	const ratio = width / height;
	if (ratio > WIDEST_RATIO || ratio < 1 / WIDEST_RATIO) {
		throw new KlingError(1201, `Image aspect ratio is invalid: ${width}x${height}`);
	}
	const tooSmall = Math.min(width, height) < SMALLEST_SIDE_PX;
	if (tooSmall && switches.smallImage === 'refuse') {
		throw new KlingError(1201, `Image pixel is invalid: ${width}x${height}`);
	}
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { bytes, sha256, width, height, tooSmall };
}

function decodeBase64(value: string): Buffer {
	// A pattern over the whole of 13 MB can overflow the stack of the regular expression.
	const [padding = ''] = /={1,2}$/.exec(value.slice(-2)) ?? [];
	const digits = value.slice(0, value.length - padding.length);
	const valid = value !== '' && value.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(digits);
	if (!valid) throw new KlingError(1201, 'File is not in a valid base64 format');
	return Buffer.from(value, 'base64');
}

async function measure(bytes: Buffer): Promise<DecodedSize> {
	const size = await decodedSize(bytes);
	if (size?.format === 'png' || size?.format === 'jpeg') return size;
	throw new KlingError(1201, 'Image format is invalid, only jpg, jpeg and png are supported');
}

async function fetchImage(address: string, maxBytes: number, redirects = 0): Promise<Buffer> {
	if (address === PRODUCT_URL) return readProductImage();
	if (!isLoopback(address)) {
		throw new KlingError(1201, `This local Kling fetches from loopback addresses only: ${address}`);
	}
	const failure = new KlingError(1201, `Failed to download the image: ${address}`);
	const answer = await axios
		.get<ArrayBuffer>(address, {
			responseType: 'arraybuffer',
			headers: { 'user-agent': 'local-kling' },
			maxRedirects: 0,
			maxContentLength: maxBytes + 1,
			timeout: FETCH_TIMEOUT_MS,
			signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
			proxy: false,
			validateStatus: () => true,
		})
		.catch(() => {
			throw failure;
		});
	const location: unknown = answer.headers.location;
	if (answer.status >= 300 && answer.status < 400 && typeof location === 'string') {
		if (redirects === MAX_REDIRECTS) throw failure;
		return await fetchImage(new URL(location, address).href, maxBytes, redirects + 1);
	}
	if (answer.status !== 200) throw failure;
	return Buffer.from(answer.data);
}
