import type { IBinaryData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { fetchPublic, type NotFetched, type PublicAnswer } from '../transport/fetchPublic';
import { backoffMs } from '../transport/retry';
import { sleep } from '../transport/cancel';
import { asText } from '../lib/values';
import { watchBody } from '../transport/watchBody';
import { pictureType, SIGNATURE_BYTES } from './imageType';

export const MAX_PICTURE_MB = 50;
const MAX_BYTES = MAX_PICTURE_MB * 1024 * 1024;
export const STALL_S = 30;
export const TOTAL_S = 300;
export const MAX_TRIES = 3;

export const DOWNLOAD_LIMITS = {
	maxMb: MAX_PICTURE_MB,
	stallS: STALL_S,
	totalS: TOTAL_S,
	tries: MAX_TRIES,
};

export interface Download {
	url: string;
	/** Without an extension. */
	fileName: string;
	klingIsLocal: boolean;
	signal: AbortSignal;
}

/**
 * Streams one picture into n8n's storage; n8n holds it in memory only where it keeps binary data in memory or in a database.
 * @returns or why it cannot be downloaded, as a sentence
 * @throws where the execution was stopped, or the reason of `signal`
 */
export async function downloadImage(
	context: IExecuteFunctions | IWebhookFunctions,
	download: Download,
): Promise<IBinaryData | string> {
	for (let tries = 1; ; tries++) {
		const result = await downloadOnce(context, download);
		download.signal.throwIfAborted();
		if (!('reason' in result)) return result;
		if (!result.passing || tries >= MAX_TRIES) return `The picture ${result.reason}`;
		await sleep(backoffMs(tries), download.signal);
	}
}

async function downloadOnce(
	context: IExecuteFunctions | IWebhookFunctions,
	download: Download,
): Promise<IBinaryData | NotFetched> {
	const { url, klingIsLocal, signal } = download;
	const answer = await fetchPublic(context, {
		url,
		protocols: ['https:'],
		klingIsLocal,
		headers: { Accept: 'image/*' },
		timeoutMs: STALL_S * 1000,
		signal,
	});
	if ('reason' in answer) return answer;
	const length = Number(asText(answer.headers['content-length']));
	if (!(length > MAX_BYTES)) return await store(context, download, answer);
	answer.close();
	return { reason: `is larger than ${MAX_PICTURE_MB} MB`, passing: false };
}

async function store(
	context: IExecuteFunctions | IWebhookFunctions,
	{ fileName }: Download,
	answer: PublicAnswer,
): Promise<IBinaryData | NotFetched> {
	const limits = { maxBytes: MAX_BYTES, stallMs: STALL_S * 1000, totalMs: TOTAL_S * 1000 };
	const watched = watchBody(answer, limits);
	try {
		const beginning = await watched.beginning(SIGNATURE_BYTES);
		const type = pictureType(beginning, answer.headers['content-type']);
		if (!type) return { reason: notAPicture(beginning), passing: false };
		const name = `${fileName}.${type.extension}`;
		return await context.helpers.prepareBinaryData(watched.whole(), name, type.mimeType);
	} catch (error) {
		const reason = `could not be stored by n8n: ${(error as Error).message}`;
		return watched.failure() ?? { reason, passing: false };
	} finally {
		watched.release();
	}
}

function notAPicture(beginning: Buffer): string {
	return beginning.length === 0 ? 'is empty' : 'is not a picture, whatever its name says';
}
