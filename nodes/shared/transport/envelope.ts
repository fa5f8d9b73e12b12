import { isObject } from '../lib/values';

/** Why a request brought no data. Never holds a header or a key. */
export interface KlingFailure {
	/** `code`: Kling's own error. `unreadable`: an answer, but not Kling's envelope. `network`: no answer. */
	kind: 'code' | 'unreadable' | 'network';
	/** Kling's words, or ours where Kling said nothing. */
	message: string;
	code?: number;
	httpStatus?: number;
	requestId?: string;
	/** Seconds, from the Retry-After header. */
	retryAfterS?: number;
	/** The request never left: no task can have been made by it. */
	notSent?: boolean;
}

export type KlingAnswer = { data: unknown; requestId?: string } | { failure: KlingFailure };

export interface HttpAnswer {
	body: unknown;
	headers: Record<string, unknown>;
	statusCode: number;
}

/** Reads Kling's envelope `{code, message, request_id, data}`; `code` decides, also under HTTP 200. Never throws. */
export function readEnvelope({ body, headers, statusCode }: HttpAnswer): KlingAnswer {
	const retryAfterS = readRetryAfter(headers['retry-after']);
	const seen = { httpStatus: statusCode, ...(retryAfterS !== undefined && { retryAfterS }) };
	const unreadable = (message: string, requestId?: string): KlingAnswer => ({
		failure: { kind: 'unreadable', message, ...seen, ...(requestId && { requestId }) },
	});

	if (statusCode >= 300 && statusCode < 400)
		return unreadable(`The answer is a redirect (HTTP ${statusCode}), which is not followed`);
	if (!isObject(body))
		return unreadable(`${describe(body)} (HTTP ${statusCode}), not Kling's JSON`);
	if (typeof body.code !== 'number')
		return unreadable(`JSON without Kling's code (HTTP ${statusCode})`);

	const requestId = typeof body.request_id === 'string' ? body.request_id : undefined;
	if (body.code !== 0) {
		const message = typeof body.message === 'string' ? body.message.slice(0, 500) : '';
		return {
			failure: { kind: 'code', code: body.code, message, ...seen, ...(requestId && { requestId }) },
		};
	}
	if (statusCode >= 400)
		return unreadable(`HTTP ${statusCode} with the code of a success`, requestId);
	if (body.data === undefined || body.data === null)
		return unreadable('The answer has no data', requestId);
	return { data: body.data, ...(requestId && { requestId }) };
}

function describe(body: unknown): string {
	if (body === undefined || body === null || body === '') return 'The answer is empty';
	if (typeof body !== 'string') return 'The answer is a list or a lone value';
	if (body.trim() === '') return 'The answer is empty';
	if (/^\s*<(!doctype|html)/i.test(body)) return 'The answer is a web page';
	return 'The answer is text or broken JSON';
}

/** Seconds. @see RFC 9110, 10.2.3: a number of seconds or a date */
function readRetryAfter(header: unknown): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = /^\d+$/.test(header.trim())
		? Number(header)
		: (Date.parse(header) - Date.now()) / 1000;
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
