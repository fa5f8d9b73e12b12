import { sleep, type BinaryHelperFunctions } from 'n8n-workflow';

/** A Readable: n8n allows no import of node:stream in a node. */
export type Stream = Exclude<Parameters<BinaryHelperFunctions['prepareBinaryData']>[0], Buffer>;

/** What n8n's request helper gives with `encoding: 'stream'` and `returnFullResponse`. */
export interface StreamedResponse {
	body: Stream;
	headers: Record<string, unknown>;
	statusCode: number;
}

/** A List page of 500 tasks has about 1.5 MB; n8n itself sets no limit. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Reads an answer of Kling's API to its end.
 * @param timeoutMs from the first byte of the body on: n8n's own timeout ends with the headers
 * @returns undefined if it is larger than 32 MB
 * @throws if the connection is dropped, or nothing more comes in time
 */
export async function readText(body: Stream, timeoutMs: number): Promise<string | undefined> {
	const ending = new AbortController();
	const parts: Buffer[] = [];
	let bytes = 0;
	const read = async () => {
		for await (const part of body) {
			const chunk = Buffer.from(part as Uint8Array);
			bytes += chunk.length;
			if (bytes > MAX_RESPONSE_BYTES) return undefined;
			parts.push(chunk);
		}
		return Buffer.concat(parts).toString('utf8');
	};
	try {
		return await Promise.race([read(), outOfTime(timeoutMs, ending.signal)]);
	} finally {
		ending.abort();
		body.destroy();
	}
}

async function outOfTime(ms: number, signal: AbortSignal): Promise<never> {
	await sleep(ms, signal).catch(() => undefined);
	throw Object.assign(new Error('The answer did not end in time'), { code: 'ETIMEDOUT' });
}
