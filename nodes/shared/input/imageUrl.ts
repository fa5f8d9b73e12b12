import type { IExecuteFunctions } from 'n8n-workflow';
import { fetchPublic, type NotFetched, type PublicResponse } from '../transport/fetchPublic';
import { trimmedText } from '../lib/values';
import { watchBody, type BodyFailure } from '../transport/watchBody';
import { imageError, quoted } from './parameterError';
import { MAX_BYTES, imageRefusal, tooLarge, type Refusal } from './imageRules';

const MAX_READ_BYTES = 256 * 1024;
const TIMEOUT_MS = 5_000;

/** What was read, and how much of the file that is. */
interface Sample {
	bytes: Buffer;
	/** Of the file; undefined if nobody says so. */
	length: number | undefined;
}

/**
 * Reads the beginning of the image, without any credentials, as Kling will.
 * @returns where it could not be checked: why, for an execution hint
 * @throws NodeOperationError for what is certainly wrong with it; the reason of `signal`
 */
export async function probeImageUrl(
	context: IExecuteFunctions,
	url: string,
	{ isLocal, signal }: { isLocal: boolean; signal: AbortSignal },
): Promise<string | undefined> {
	const answer = await fetchPublic(context, {
		url,
		protocols: ['https:', 'http:'],
		isLocal,
		headers: {
			Range: `bytes=0-${MAX_READ_BYTES - 1}`,
			Accept: 'image/png,image/jpeg',
			// Compressed, lengths would say nothing about the image.
			'Accept-Encoding': 'identity',
		},
		timeoutMs: TIMEOUT_MS,
		signal,
	});
	const sample = answer.kind === 'answer' ? await sampleOf(answer) : answer;
	signal.throwIfAborted();
	const refusal = 'kind' in sample ? answerRefusal(sample) : sampleRefusal(sample);
	if (refusal) throw imageError(context, `Image URL ${quoted(url)}`, refusal);
	return 'kind' in sample
		? `Check Image URL could not check ${quoted(url)}: ${reasonOf(sample)}. The address was sent to Kling unchecked.`
		: undefined;
}

async function sampleOf(answer: PublicResponse): Promise<Sample | BodyFailure> {
	const limits = { maxBytes: Infinity, stallMs: TIMEOUT_MS, totalMs: TIMEOUT_MS };
	const watched = watchBody(answer, limits);
	try {
		const { bytes, ended } = await watched.beginning(MAX_READ_BYTES);
		return { bytes, length: lengthOf(answer, ended ? bytes.length : undefined) };
	} catch {
		return watched.failure() ?? { kind: 'dropped' };
	} finally {
		watched.release();
	}
}

/** @param read the length of the body, where it was read to its end */
function lengthOf({ statusCode, headers }: PublicResponse, read: number | undefined) {
	const [, total] = /^bytes\s+\d+-\d+\/(\d+)$/.exec(trimmedText(headers['content-range'])) ?? [];
	// In a partial response, the end of the body is not the end of the file.
	if (statusCode === 206) return total === undefined ? undefined : Number(total);
	if (read !== undefined) return read;
	const length = Number(trimmedText(headers['content-length']) || NaN);
	return length > MAX_READ_BYTES ? length : undefined;
}

function sampleRefusal({ bytes, length }: Sample): Refusal | undefined {
	if (length !== undefined && length > MAX_BYTES) return tooLarge(length);
	return imageRefusal(bytes, bytes.length === length);
}

/** What Kling will meet, too. Another status may be meant for n8n alone. */
function answerRefusal(answer: NotFetched | BodyFailure): Refusal | undefined {
	const found = `cannot be fetched: ${reasonOf(answer)}`;
	const advice = 'Use a public address that leads to the file itself.';
	switch (answer.kind) {
		case 'notAnAddress':
		case 'protocol':
		case 'unreachable':
			return { found, advice };
		case 'status':
			return [401, 404, 410].includes(answer.statusCode) ? { found, advice } : undefined;
		default:
			return undefined;
	}
}

/** As the end of a sentence. */
function reasonOf(answer: NotFetched | BodyFailure): string {
	switch (answer.kind) {
		case 'notAnAddress':
			return 'it redirects to something that is not an address';
		case 'protocol':
			return `it redirects to an address that does not begin with ${answer.allowed.map((one) => `${one}//`).join(' or ')}`;
		case 'unreachable':
			return `it redirects to ${answer.hostname}, ${answer.reach === 'loopback' ? "which is n8n's own machine" : 'which is not a public address'}`;
		case 'tooManyRedirects':
			return `it redirects more than ${answer.max} times`;
		case 'status':
			return `the server answers HTTP ${answer.statusCode}`;
		case 'noAnswer':
			return `n8n got no answer within ${answer.timeoutMs / 1000} seconds`;
		case 'stalled':
		case 'slow':
			return `the first 256 kB took more than ${answer.ms / 1000} seconds`;
		case 'dropped':
		case 'tooLarge':
			return 'the connection was lost';
	}
}
