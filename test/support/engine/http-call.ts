import { request } from 'node:http';

import type { TriggerListener } from './triggers';
import type { WebhookOutcome } from './webhook-call';

export interface WebhookRequestOptions {
	/** POST unless given. */
	method?: string;
	headers?: Record<string, string>;
	/** Sent byte by byte. */
	rawBody?: string | Buffer;
	/** Sent as JSON, with its content type. */
	json?: unknown;
	/** How long to wait for an answer; 5000 unless given. */
	timeoutMs?: number;
}

export interface HttpReply {
	/** Undefined: no answer came in time. */
	status: number | undefined;
	headers: Record<string, string | string[] | undefined>;
	text: string;
}

export interface WebhookReply extends HttpReply, Partial<WebhookOutcome> {}

/** Sends one request and waits until the node's `webhook()` is through with it. */
export async function callListener(
	listener: TriggerListener,
	options: WebhookRequestOptions,
): Promise<WebhookReply> {
	const before = listener.outcomes.length;
	const reply = await send(listener.url, options);
	await listener.settled();
	return { ...reply, ...listener.outcomes[before] };
}

async function send(url: string, options: WebhookRequestOptions): Promise<HttpReply> {
	const { json, method = 'POST', timeoutMs = 5_000 } = options;
	const body = json === undefined ? options.rawBody : JSON.stringify(json);
	const headers = {
		...(json === undefined ? {} : { 'content-type': 'application/json' }),
		...options.headers,
	};
	return await new Promise((resolve, reject) => {
		const outgoing = request(
			url,
			{ method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
			(incoming) => {
				const chunks: Buffer[] = [];
				incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
				incoming.on('end', () => {
					resolve({
						status: incoming.statusCode,
						headers: incoming.headers,
						text: Buffer.concat(chunks).toString(),
					});
				});
			},
		);
		outgoing.on('error', (error: Error) => {
			if (error.name === 'TimeoutError' || error.name === 'AbortError')
				resolve({ status: undefined, headers: {}, text: '' });
			else reject(error);
		});
		outgoing.end(body);
	});
}
