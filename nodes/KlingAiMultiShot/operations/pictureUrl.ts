import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { refusedReach } from '../transport/address';
import { asText } from '../transport/values';
import { throwIfCancelled } from '../transport/sleep';
import { parameterError, quoted } from './parameterError';
import { MAX_BYTES, megabytes, PICTURE_RULES, refusedPicture } from './pictureBytes';

const READ_AT_MOST = 256 * 1024;
const TIMEOUT_MS = 5_000;
const MOST_REDIRECTS = 5;

interface Beginning {
	bytes: Buffer;
	/** Of the whole file, where the server says so. */
	length: number | undefined;
}

/**
 * Looks at the beginning of the picture, without any credentials, as Kling will.
 * @throws NodeOperationError for what Kling would refuse after it was paid
 */
export async function checkPictureUrl(
	context: IExecuteFunctions,
	url: string,
	klingIsLocal: boolean,
): Promise<void> {
	const beginning = await readBeginning(context, url, klingIsLocal);
	throwIfCancelled(context);
	const found =
		typeof beginning === 'string'
			? beginning
			: tooLong(beginning) || refusedPicture(beginning.bytes, isComplete(beginning));
	if (found)
		throw parameterError(
			context,
			'Image URL: the picture',
			found,
			`Kling takes ${PICTURE_RULES}. Found at ${quoted(url)}.`,
		);
}

function isComplete({ bytes, length }: Beginning): boolean {
	return length === undefined ? bytes.length < READ_AT_MOST : bytes.length >= length;
}

function tooLong({ length = 0 }: Beginning): string | undefined {
	return length > MAX_BYTES ? `has ${megabytes(length)}` : undefined;
}

/** @returns the end of "The picture …" where it cannot be read */
async function readBeginning(
	context: IExecuteFunctions,
	first: string,
	klingIsLocal: boolean,
): Promise<Beginning | string> {
	let url = new URL(first);
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		const refused = refusedReach(url, klingIsLocal);
		if (refused) return `leads to an address that cannot be used: ${refused}`;
		const response = await fetchOnce(context, url.href);
		if (typeof response === 'string') return response;
		const location = asText(response.headers.location);
		if (response.statusCode < 300 || response.statusCode >= 400 || location === '') {
			if (response.statusCode >= 300) return `is answered with HTTP ${response.statusCode}`;
			return await beginningOf(response);
		}
		if (!URL.canParse(location, url.href)) return 'leads to something that is not an address';
		url = new URL(location, url.href);
	}
	return `is hidden behind more than ${MOST_REDIRECTS} redirects`;
}

interface StreamResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: AsyncIterable<Uint8Array>;
}

async function fetchOnce(
	context: IExecuteFunctions,
	url: string,
): Promise<StreamResponse | string> {
	const signal = context.getExecutionCancelSignal();
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers: { Range: `bytes=0-${READ_AT_MOST - 1}`, Accept: 'image/png,image/jpeg' },
		encoding: 'stream',
		timeout: TIMEOUT_MS,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		...(signal && { abortSignal: signal }),
	};
	try {
		const response: unknown = await context.helpers.httpRequest(options);
		return response as StreamResponse;
	} catch {
		return 'could not be fetched: no answer, or not within 5 seconds';
	}
}

async function beginningOf({ headers, body }: StreamResponse): Promise<Beginning | string> {
	const chunks: Uint8Array[] = [];
	const until = Date.now() + TIMEOUT_MS;
	let read = 0;
	try {
		// Leaving the loop closes the connection.
		for await (const chunk of body) {
			chunks.push(chunk);
			read += chunk.length;
			if (read >= READ_AT_MOST) break;
			if (Date.now() > until) return 'could not be read within 5 seconds';
		}
	} catch {
		return 'could not be read: the connection was dropped';
	}
	return { bytes: Buffer.concat(chunks), length: lengthOf(headers) };
}

function lengthOf(headers: Record<string, unknown>): number | undefined {
	const range = /\/(\d+)$/.exec(asText(headers['content-range']));
	const text = range ? range[1] : asText(headers['content-length']);
	return text ? Number(text) : undefined;
}
