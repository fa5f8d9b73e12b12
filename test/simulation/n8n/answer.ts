import { Readable } from 'node:stream';
import type { IHttpRequestOptions } from 'n8n-workflow';
import type { Delivered, NetworkError } from '../kling/faulty';
import type { Call } from '../record';
import { failedTasksIn } from './failedTasks';

export const CANCELED: NetworkError = { code: 'ERR_CANCELED', syscall: '', message: 'canceled' };

export function axiosError({ code, syscall, message }: NetworkError): Error {
	return Object.assign(new Error(message), {
		name: 'AxiosError',
		isAxiosError: true,
		code,
		...(syscall && { syscall }),
		config: {},
	});
}

/** What the helper gives back, in the shape that was asked for. */
export function asResponse(
	call: Call,
	options: IHttpRequestOptions,
	{ reply, cut }: Exclude<Delivered, { error: NetworkError }>,
): unknown {
	const text = reply.body.toString();
	if (!cut) Object.assign(call, failedTasksIn(reply));
	const headers = Object.fromEntries(
		Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
	);
	if (reply.status >= 400 && !options.ignoreHttpStatusErrors)
		throw axiosError({
			code: 'ERR_BAD_RESPONSE',
			syscall: '',
			message: `Request failed with status code ${reply.status}`,
		});
	if (cut && options.encoding !== 'stream')
		throw axiosError({ code: 'ECONNRESET', syscall: '', message: 'aborted' });
	const statusCode = reply.status;
	if (options.encoding === 'stream')
		return { body: bodyStream(reply.body, cut), headers, statusCode };
	if (options.encoding === 'arraybuffer') return { body: reply.body, headers, statusCode };
	return { body: options.encoding === 'text' ? text : parsed(text), headers, statusCode };
}

function bodyStream(bytes: Buffer, cut: boolean | undefined): Readable {
	if (!cut) return Readable.from([bytes], { objectMode: false });
	const half = bytes.subarray(0, Math.floor(bytes.length / 2));
	return Readable.from(
		(function* () {
			yield half;
			throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
		})(),
		{ objectMode: false },
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
