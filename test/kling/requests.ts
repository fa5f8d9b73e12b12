import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type ElementOperation =
	'createElement' | 'getElement' | 'listElements' | 'listPresets' | 'deleteElement';

/** The first three are AI Multi-Shot's. `file` is an image given to serve(), `unknown` any other path or method. */
export type Operation = 'create' | 'get' | 'list' | ElementOperation | 'view' | 'file' | 'unknown';

export interface RecordedRequest {
	/** Unix ms, this machine's clock. */
	readonly at: number;
	readonly operation: Operation;
	readonly method: string;
	/** Without the query, as it came: not decoded. */
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	/** Names in lower case. `authorization` is its scheme and a hash. */
	readonly headers: Readonly<Record<string, string>>;
	/** Parsed JSON, else the text. Long strings in it are a hash and a length. */
	body?: unknown;
	/** The body as it came, at most its first {@link LONGEST_TEXT} characters: parsed as JSON, the digits of an element's id would change. */
	text?: string;
	/** HTTP status; 0 while it is under way and when the connection was dropped. */
	status: number;
	/** Of the envelope. */
	code?: number | undefined;
	/** From arrival to the end of the answer; -1 while it is under way. */
	ms: number;
	/** Of the answer's body, handed to the socket. */
	bytes: number;
	/** Kind of the fault that struck it. */
	fault?: string;
}

export interface RequestLog {
	readonly all: RecordedRequest[];
	readonly maxParallel: Record<Operation, number>;
	begin(
		operation: Operation,
		method: string,
		address: URL,
		headers: IncomingHttpHeaders,
	): RecordedRequest;
	end(request: RecordedRequest): void;
	clear(): void;
}

const NONE: Readonly<Record<Operation, number>> = {
	create: 0,
	get: 0,
	list: 0,
	createElement: 0,
	getElement: 0,
	listElements: 0,
	listPresets: 0,
	deleteElement: 0,
	view: 0,
	file: 0,
	unknown: 0,
};

export function makeRequestLog(): RequestLog {
	const all: RecordedRequest[] = [];
	const maxParallel = { ...NONE };
	const underWay = { ...NONE };
	return {
		all,
		maxParallel,
		begin(operation, method, address, headers) {
			const request: RecordedRequest = {
				at: Date.now(),
				operation,
				method,
				path: address.pathname,
				query: Object.fromEntries(address.searchParams),
				headers: withoutSecrets(headers),
				status: 0,
				ms: -1,
				bytes: 0,
			};
			all.push(request);
			underWay[operation]++;
			maxParallel[operation] = Math.max(maxParallel[operation], underWay[operation]);
			return request;
		},
		end(request) {
			request.ms = Date.now() - request.at;
			underWay[request.operation]--;
		},
		clear() {
			all.length = 0;
			Object.assign(maxParallel, NONE);
		},
	};
}

function withoutSecrets(headers: IncomingHttpHeaders): Record<string, string> {
	const shown: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) shown[name] = String(value);
	if (headers.authorization !== undefined) {
		const [scheme, ...rest] = headers.authorization.split(' ');
		shown.authorization = `${scheme} ${hashed(rest.join(' '))}`;
	}
	return shown;
}

const LONGEST_TEXT = 10_000;

export function keepBody(request: RecordedRequest, text: string): void {
	request.body = parsedBody(text);
	// A slice alone would keep all of it in memory.
	request.text = Buffer.from(text.slice(0, LONGEST_TEXT)).toString();
}

/** What of a request's body is worth keeping. */
function parsedBody(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text, (_key, value: unknown) =>
			typeof value === 'string' && value.length > LONGEST_TEXT
				? `${hashed(value)} (${value.length} characters)`
				: value,
		) as unknown;
	} catch {
		return text.slice(0, LONGEST_TEXT);
	}
}

function hashed(text: string): string {
	return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
