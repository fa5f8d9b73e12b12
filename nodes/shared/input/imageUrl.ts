import type { IExecuteFunctions } from 'n8n-workflow';
import { fetchPublic, type PublicAnswer } from '../transport/fetchPublic';
import { asText } from '../lib/values';
import { watchBody } from '../transport/watchBody';
import { parameterError, quoted } from './parameterError';
import { MAX_BYTES, megabytes, PICTURE_RULES, refusedPicture } from './imageRules';

const READ_AT_MOST = 256 * 1024;
const TIMEOUT_MS = 5_000;

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
	url: string,
	klingIsLocal: boolean,
): Promise<Beginning | string> {
	const answer = await fetchPublic(context, {
		url,
		protocols: ['https:', 'http:'],
		klingIsLocal,
		headers: { Range: `bytes=0-${READ_AT_MOST - 1}`, Accept: 'image/png,image/jpeg' },
		timeoutMs: TIMEOUT_MS,
		signal: context.getExecutionCancelSignal(),
	});
	return 'reason' in answer ? answer.reason : await beginningOf(answer);
}

async function beginningOf(answer: PublicAnswer): Promise<Beginning | string> {
	const limits = { maxBytes: Infinity, stallMs: TIMEOUT_MS, totalMs: TIMEOUT_MS };
	const watched = watchBody(answer, limits);
	try {
		return { bytes: await watched.beginning(READ_AT_MOST), length: lengthOf(answer.headers) };
	} catch {
		return watched.failure()?.reason ?? 'could not be read: the connection was dropped';
	} finally {
		watched.release();
	}
}

function lengthOf(headers: Record<string, unknown>): number | undefined {
	const range = /\/(\d+)$/.exec(asText(headers['content-range']));
	const text = range ? range[1] : asText(headers['content-length']);
	return text ? Number(text) : undefined;
}
