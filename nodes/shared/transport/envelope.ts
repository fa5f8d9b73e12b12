import { isObject } from '../lib/values';
import { parseWithIds } from './parseJson';
import type { KlingFailure, UnreadableReason } from './failure';

export interface HttpResponse {
	/** As it came; undefined if it was larger than this package reads. */
	text: string | undefined;
	/** Names in lower case. */
	headers: Record<string, unknown>;
	statusCode: number;
}

/** `data` is undefined if Kling confirms without any, as after a delete. */
export type KlingResponse = { data: unknown; requestId?: string } | { failure: KlingFailure };

const MAX_MESSAGE_LENGTH = 500;

/** Reads Kling's envelope `{code, message, request_id, data}`; `code` decides, also under HTTP 200. Never throws. */
export function readEnvelope({ text, headers, statusCode }: HttpResponse): KlingResponse {
	const retryAfterS = readRetryAfter(headers['retry-after']);
	const facts = { httpStatus: statusCode, ...(retryAfterS !== undefined && { retryAfterS }) };
	const unreadable = (
		reason: UnreadableReason,
		more: { requestId?: string } = {},
	): KlingResponse => ({
		failure: { kind: 'unreadable', reason, ...facts, ...more },
	});

	if (statusCode >= 300 && statusCode < 400) return unreadable('redirect');
	const body = readBody(text);
	// A proxy in front of Kling wants a password, and has let nothing through.
	if (statusCode === 407 && !isKlingEnvelope(body))
		return { failure: { kind: 'notSent', reason: 'HTTP_407' } };
	if ('reason' in body) return unreadable(body.reason);
	const { code, message, request_id, data } = body.object;
	if (typeof code !== 'number') return unreadable('noCode');

	const requestId = typeof request_id === 'string' ? { requestId: request_id.slice(0, 100) } : {};
	if (code !== 0) {
		const words = typeof message === 'string' ? message.slice(0, MAX_MESSAGE_LENGTH) : '';
		return { failure: { kind: 'code', code, message: words, ...facts, ...requestId } };
	}
	if (statusCode >= 400) return unreadable('successWithErrorStatus', requestId);
	return { data: data ?? undefined, ...requestId };
}

type Body = { object: Record<string, unknown> } | { reason: UnreadableReason };

function isKlingEnvelope(body: Body): boolean {
	return 'object' in body && typeof body.object.code === 'number';
}

function readBody(text: string | undefined): Body {
	if (text === undefined) return { reason: 'tooLarge' };
	if (text.trim() === '') return { reason: 'empty' };
	if (/^\s*<(!doctype|html)/i.test(text)) return { reason: 'webPage' };
	const body = parseWithIds(text);
	if (body === undefined) return { reason: 'notJson' };
	return isObject(body) ? { object: body } : { reason: 'notAnObject' };
}

/** Seconds. @see RFC 9110, 10.2.3: a number of seconds or a date */
function readRetryAfter(header: unknown): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = /^\d+$/.test(header.trim())
		? Number(header)
		: (Date.parse(header) - Date.now()) / 1000;
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
