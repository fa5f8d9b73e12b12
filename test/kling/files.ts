import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { textReply, type Reply } from './reply';

export interface ServeOptions {
	/** By the name's extension unless told; '' sends none. */
	contentType?: string;
	status?: number;
	/** Answered with 302. */
	redirectTo?: string;
	/** Before the answer begins. */
	delayMs?: number;
	/** The bytes again and again, without end. */
	endless?: boolean;
	/** Sent without a length. */
	chunked?: boolean;
	/** The connection is lost half way. */
	cut?: boolean;
	/** `Range: bytes=0-…` is honoured. */
	ranges?: boolean;
	headers?: Record<string, string>;
}

export interface Files {
	/** A path on this server. A name given again replaces what it stood for. */
	serve(name: string, bytes: Buffer, options?: ServeOptions): string;
	reply(path: string, range: string | undefined, authorization: string | undefined): Promise<Reply>;
}

const TYPES: Readonly<Record<string, string>> = {
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	webp: 'image/webp',
};

export function makeFiles(closing: AbortSignal): Files {
	const files = new Map<string, { bytes: Buffer; options: ServeOptions }>();
	return {
		serve(name, bytes, options = {}) {
			const path = `/files/${encodeURIComponent(name)}`;
			files.set(path, { bytes, options });
			return path;
		},
		async reply(path, range, authorization) {
			if (authorization !== undefined) return textReply(400, 'Only one auth mechanism allowed');
			const file = files.get(path);
			if (!file) return textReply(404, 'No such file');
			const { bytes, options } = file;
			if (options.delayMs) await pause(options.delayMs, undefined, { signal: closing });
			const headers: Reply['headers'] = { ...options.headers };
			const type = options.contentType ?? TYPES[path.split('.').pop() ?? ''] ?? '';
			if (type) headers['content-type'] = type;
			if (options.redirectTo !== undefined) {
				return {
					status: options.status ?? 302,
					headers: { ...headers, location: options.redirectTo },
					body: Buffer.alloc(0),
				};
			}
			const last = /^bytes=0-(\d+)$/.exec(range ?? '')?.[1];
			if (options.ranges && last !== undefined) {
				const part = bytes.subarray(0, Number(last) + 1);
				headers['content-range'] = `bytes 0-${part.length - 1}/${bytes.length}`;
				return { status: 206, headers, body: part };
			}
			const reply: Reply = { status: options.status ?? 200, headers, body: bytes };
			if (options.cut) return { ...reply, manner: 'cut' };
			if (options.endless) return { ...reply, manner: 'repeat', bytes: Infinity };
			if (options.chunked) return { ...reply, manner: 'repeat', bytes: bytes.length };
			return reply;
		},
	};
}

/** The same bytes get the same name. */
export function nameOf(bytes: Buffer): string {
	const isPng = bytes[0] === 0x89;
	return `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${isPng ? 'png' : 'jpg'}`;
}
