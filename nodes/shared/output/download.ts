import type { IBinaryData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { fetchPublic, type NotFetched, type PublicResponse } from '../transport/fetchPublic';
import { backoffMs } from '../transport/retry';
import { sleep } from '../transport/abort';
import { trimmedText } from '../lib/values';
import { watchBody, type BodyFailure } from '../transport/watchBody';
import { imageType, SIGNATURE_BYTES } from './imageType';

export const DOWNLOAD_LIMITS = { maxMb: 50, stallS: 30, totalS: 300, tries: 3 };

const MAX_BYTES = DOWNLOAD_LIMITS.maxMb * 1024 * 1024;
const STALL_MS = DOWNLOAD_LIMITS.stallS * 1000;
const TOTAL_MS = DOWNLOAD_LIMITS.totalS * 1000;

export interface Download {
	url: string;
	/** Without an extension. */
	fileName: string;
	isLocal: boolean;
	signal: AbortSignal;
}

interface Stored {
	kind: 'stored';
	file: IBinaryData;
}

type DownloadFailure =
	| NotFetched
	| BodyFailure
	| { kind: 'empty' }
	| { kind: 'notAnImage' }
	| { kind: 'notStored'; message: string };

/**
 * Streams one image into n8n's storage; n8n holds it in memory only where it keeps binary data in memory or in a database.
 * @returns the file, or a sentence for `download_error`
 * @throws the reason of `signal`
 */
export async function downloadImage(
	context: IExecuteFunctions | IWebhookFunctions,
	download: Download,
): Promise<IBinaryData | string> {
	for (let tries = 1; ; tries++) {
		const result = await downloadOnce(context, download);
		download.signal.throwIfAborted();
		if (result.kind === 'stored') return result.file;
		if (!mayPass(result) || tries >= DOWNLOAD_LIMITS.tries) return sentenceOf(result);
		await sleep(backoffMs(tries), download.signal);
	}
}

async function downloadOnce(
	context: IExecuteFunctions | IWebhookFunctions,
	download: Download,
): Promise<Stored | DownloadFailure> {
	const { url, isLocal, signal } = download;
	const answer = await fetchPublic(context, {
		url,
		protocols: ['https:'],
		isLocal,
		headers: { Accept: 'image/*' },
		timeoutMs: STALL_MS,
		signal,
	});
	if (answer.kind !== 'answer') return answer;
	const length = Number(trimmedText(answer.headers['content-length']));
	if (!(length > MAX_BYTES)) return await store(context, download, answer);
	answer.close();
	return { kind: 'tooLarge', maxBytes: MAX_BYTES };
}

async function store(
	context: IExecuteFunctions | IWebhookFunctions,
	{ fileName }: Download,
	answer: PublicResponse,
): Promise<Stored | DownloadFailure> {
	const limits = { maxBytes: MAX_BYTES, stallMs: STALL_MS, totalMs: TOTAL_MS };
	const watched = watchBody(answer, limits);
	try {
		const { bytes } = await watched.beginning(SIGNATURE_BYTES);
		const type = imageType(bytes, answer.headers['content-type']);
		if (!type) return { kind: bytes.length === 0 ? 'empty' : 'notAnImage' };
		const name = `${fileName}.${type.extension}`;
		const file = await context.helpers.prepareBinaryData(watched.whole(), name, type.mimeType);
		return { kind: 'stored', file };
	} catch (error) {
		return watched.failure() ?? { kind: 'notStored', message: (error as Error).message };
	} finally {
		watched.release();
	}
}

/** Whether another try may help. */
function mayPass(failure: DownloadFailure): boolean {
	if (failure.kind === 'status') return failure.statusCode >= 500 || failure.statusCode === 429;
	return failure.kind === 'noAnswer' || failure.kind === 'dropped';
}

export function sentenceOf(failure: DownloadFailure): string {
	switch (failure.kind) {
		case 'notAnAddress':
			return 'The image was not downloaded: its address is not valid';
		case 'protocol':
			return `The image was not downloaded: its address does not begin with ${failure.allowed.map((one) => `${one}//`).join(' or ')}`;
		case 'unreachable':
			return `The image was not downloaded: ${failure.hostname} is ${failure.reach === 'loopback' ? "n8n's own machine" : 'not a public address'}`;
		case 'tooManyRedirects':
			return `The image redirects more than ${failure.max} times`;
		case 'status':
			return `The server answered HTTP ${failure.statusCode} for the image`;
		case 'noAnswer':
			return `The server of the image did not answer within ${failure.timeoutMs / 1000} seconds`;
		case 'dropped':
			return 'The connection was lost during the download of the image';
		case 'stalled':
			return `The download of the image stopped: no data for ${failure.ms / 1000} seconds`;
		case 'slow':
			return `The download of the image took more than ${failure.ms / 1000} seconds`;
		case 'tooLarge':
			return `The image is larger than ${failure.maxBytes / 1024 / 1024} MB`;
		case 'empty':
			return 'The image is empty';
		case 'notAnImage':
			return 'The file is not an image, regardless of its name';
		case 'notStored':
			return `n8n could not store the image: ${failure.message}`;
	}
}
