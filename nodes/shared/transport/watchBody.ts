import { sleep } from 'n8n-workflow';
import type { Body, PublicResponse } from './fetchPublic';

export interface BodyLimits {
	/** As read, that is, after decompression. */
	maxBytes: number;
	/** Without a byte. */
	stallMs: number;
	/** In total. */
	totalMs: number;
}

/** Why a body ended early. */
export type BodyFailure =
	| { kind: 'dropped' }
	| { kind: 'stalled'; ms: number }
	| { kind: 'slow'; ms: number }
	| { kind: 'tooLarge'; maxBytes: number };

export interface Beginning {
	bytes: Buffer;
	/** Whether these are all bytes of the body. */
	ended: boolean;
}

export interface WatchedBody {
	/**
	 * At least `length` bytes, which stay in the body; all bytes, which then have been read, of a shorter one.
	 * @throws if it ends early; `failure()` says why
	 */
	beginning: (length: number) => Promise<Beginning>;
	/** The whole body, not more than the limits allow: beyond them it ends with an error. */
	whole: () => Body;
	/** Why it ended early, if it did. */
	failure: () => BodyFailure | undefined;
	/** To be called when done. */
	release: () => void;
}

interface Watch {
	body: Body;
	limits: BodyLimits;
	/** Monotonic ms. */
	startedAt: number;
	/** When the last byte came. */
	seenAt: number;
	bytes: number;
	failure: BodyFailure | undefined;
	over: boolean;
	release: () => void;
}

const CHECK_EVERY_MS = 200;

/** Neither n8n nor axios limits the size of a stream, or the time between two of its bytes. */
export function watchBody({ body, close }: PublicResponse, limits: BodyLimits): WatchedBody {
	const startedAt = performance.now();
	const release = () => {
		watch.over = true;
		close();
	};
	const watch: Watch = {
		body,
		limits,
		startedAt,
		seenAt: startedAt,
		bytes: 0,
		failure: undefined,
		over: false,
		release,
	};
	// Without a listener, an error emitted while nobody reads would crash n8n.
	body.on('error', () => fail(watch, { kind: 'dropped' }));
	body.once('end', () => (watch.over = true));
	body.once('close', () => watch.over || fail(watch, { kind: 'dropped' }));
	void watchTime(watch);
	return {
		beginning: async (length) => await readBeginning(watch, length),
		whole: () => body.map((chunk: Buffer) => count(watch, chunk)),
		failure: () => watch.failure,
		release,
	};
}

async function watchTime(watch: Watch): Promise<void> {
	const { totalMs, stallMs } = watch.limits;
	while (!watch.over) {
		const now = performance.now();
		if (now - watch.startedAt > totalMs) return fail(watch, { kind: 'slow', ms: totalMs });
		if (now - watch.seenAt > stallMs) return fail(watch, { kind: 'stalled', ms: stallMs });
		await sleep(CHECK_EVERY_MS);
	}
}

function fail(watch: Watch, failure: BodyFailure): void {
	watch.failure ??= failure;
	watch.release();
}

function count(watch: Watch, chunk: Buffer): Buffer {
	const { maxBytes } = watch.limits;
	watch.seenAt = performance.now();
	watch.bytes += chunk.length;
	if (watch.bytes > maxBytes) fail(watch, { kind: 'tooLarge', maxBytes });
	return chunk;
}

async function readBeginning(watch: Watch, length: number): Promise<Beginning> {
	const { body } = watch;
	return await new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let read = 0;
		const take = (chunk: Buffer) => {
			watch.seenAt = performance.now();
			chunks.push(chunk);
			read += chunk.length;
			if (read < length) return;
			body.pause();
			body.off('data', take);
			const bytes = Buffer.concat(chunks);
			body.unshift(bytes);
			resolve({ bytes, ended: false });
		};
		body.once('end', () => resolve({ bytes: Buffer.concat(chunks), ended: true }));
		body.once('error', reject);
		body.once('close', () => reject(new Error('The connection was closed')));
		body.on('data', take);
	});
}
