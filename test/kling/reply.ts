import { randomUUID } from 'node:crypto';
import type { KlingError } from './errors';
import type { Switches } from './switches';

/** What goes back over the wire, before it is sent. */
export interface Reply {
	status: number;
	headers: Record<string, string | number>;
	body: Buffer;
	/** `code` of the envelope, for the record. */
	code?: number | undefined;
	/** `drop`: no answer at all. `cut`: half of the body. `repeat`: the body again and again, until `bytes` were sent. */
	manner?: 'drop' | 'cut' | 'repeat';
	/** Only with `repeat`; Infinity is endless. */
	bytes?: number;
}

export function jsonReply(status: number, content: unknown, code?: number): Reply {
	const headers = { 'content-type': 'application/json; charset=utf-8' };
	return { status, headers, body: Buffer.from(JSON.stringify(content)), code };
}

export function textReply(status: number, text: string, contentType = 'text/plain'): Reply {
	return { status, headers: { 'content-type': contentType }, body: Buffer.from(text) };
}

export function successReply(data: unknown): Reply {
	return jsonReply(200, { code: 0, message: 'SUCCEED', request_id: randomUUID(), data }, 0);
}

export function errorReply(
	error: KlingError,
	switches?: Pick<Switches, 'errorsWithHttp200' | 'errorsCarryNullData'>,
): Reply {
	const content: Record<string, unknown> = {
		code: error.code,
		message: error.message,
		request_id: randomUUID(),
	};
	if (switches?.errorsCarryNullData) content.data = null;
	return jsonReply(switches?.errorsWithHttp200 ? 200 : error.status, content, error.code);
}
