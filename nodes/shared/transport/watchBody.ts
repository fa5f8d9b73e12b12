import { sleep } from 'n8n-workflow';
import type { Body, NotFetched, PublicAnswer } from './fetchPublic';

export interface BodyLimits {
	/** As read, that is, after decompression. */
	maxBytes: number;
	/** Without a byte. */
	stallMs: number;
	/** In all. */
	totalMs: number;
}

export interface WatchedBody {
	/** At least `length` bytes, which stay in the body; all bytes, which then have been read, of a shorter one. */
	beginning: (length: number) => Promise<Buffer>;
	/** The whole body, not more than the limits allow: beyond them it ends with an error. */
	whole: () => Body;
	/** Why it ended early, if it did. */
	failure: () => NotFetched | undefined;
	/** To be called in the end. */
	release: () => void;
}

const LOOK_EVERY_MS = 200;
const DROPPED = 'could not be read: the connection was dropped';

/** Neither n8n nor axios limits the size of a stream, or the time between two of its bytes. */
export function watchBody({ body, close }: PublicAnswer, limits: BodyLimits): WatchedBody {
	const startedAt = Date.now();
	let seenAt = startedAt;
	let bytes = 0;
	let failure: NotFetched | undefined;
	let over = false;
	// Also keeps an error that comes while nobody reads from ending n8n.
	body.on('error', () => fail(DROPPED, true));
	body.once('end', () => (over = true));
	body.once('close', () => over || fail(DROPPED, true));
	void watch();

	async function watch(): Promise<void> {
		while (!over) {
			const now = Date.now();
			if (now - startedAt > limits.totalMs)
				return fail(`could not be read within ${limits.totalMs / 1000} seconds`);
			if (now - seenAt > limits.stallMs)
				return fail(`could not be read: nothing came for ${limits.stallMs / 1000} seconds`);
			await sleep(LOOK_EVERY_MS);
		}
	}

	function fail(reason: string, passing = false): void {
		failure ??= { reason, passing };
		release();
	}

	function pass(chunk: Buffer): Buffer {
		seenAt = Date.now();
		bytes += chunk.length;
		if (bytes > limits.maxBytes) fail(`is larger than ${limits.maxBytes / 1024 / 1024} MB`);
		return chunk;
	}

	async function beginning(length: number): Promise<Buffer> {
		return await new Promise((resolve, reject) => {
			const chunks: Buffer[] = [];
			let read = 0;
			const take = (chunk: Buffer) => {
				seenAt = Date.now();
				chunks.push(chunk);
				read += chunk.length;
				if (read < length) return;
				body.pause();
				body.off('data', take);
				const taken = Buffer.concat(chunks);
				body.unshift(taken);
				resolve(taken);
			};
			body.once('end', () => resolve(Buffer.concat(chunks)));
			body.once('error', reject);
			body.once('close', () => reject(new Error('The connection was closed')));
			body.on('data', take);
		});
	}

	function release(): void {
		over = true;
		close();
	}

	return { beginning, whole: () => body.map(pass), failure: () => failure, release };
}
