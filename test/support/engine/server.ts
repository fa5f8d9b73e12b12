import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseQuery } from 'node:querystring';
import { promisify } from 'node:util';

import type { IWebhookFunctions } from 'n8n-workflow';

export type WebhookRequest = ReturnType<IWebhookFunctions['getRequestObject']>;
export type WebhookResponse = ReturnType<IWebhookFunctions['getResponseObject']>;
export type Handler = (
	request: WebhookRequest,
	response: WebhookResponse,
	body: Buffer,
) => Promise<void>;

/** n8n's N8N_PAYLOAD_SIZE_MAX, in bytes. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** An HTTP server on a loopback port that hands out requests and responses with Express's members as far as nodes use them. */
export async function startServer(handler: Handler): Promise<{ url: string; close: () => void }> {
	const server = createServer((incoming, outgoing) => {
		const response = asResponse(outgoing);
		answer(handler, incoming, response).catch((error: unknown) => {
			if (!response.headersSent)
				response.status(500).json({ code: 0, message: (error as Error).message });
		});
	});
	await promisify((done: () => void) => server.listen(0, '127.0.0.1', done))();
	server.unref();
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function answer(
	handler: Handler,
	incoming: IncomingMessage,
	response: WebhookResponse,
): Promise<void> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of incoming as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= BODY_LIMIT) chunks.push(chunk);
	}
	if (size > BODY_LIMIT) {
		response.status(500).json({ code: 0, message: 'request entity too large' });
		return;
	}
	await handler(asRequest(incoming), response, Buffer.concat(chunks));
}

function asRequest(incoming: IncomingMessage): WebhookRequest {
	const url = new URL(incoming.url ?? '/', 'http://localhost');
	return Object.assign(incoming, {
		originalUrl: incoming.url,
		path: url.pathname,
		query: parseQuery(url.search.slice(1)),
		params: {},
		ip: incoming.socket.remoteAddress,
		get: (name: string) => incoming.headers[name.toLowerCase()],
		header: (name: string) => incoming.headers[name.toLowerCase()],
	}) as unknown as WebhookRequest;
}

function asResponse(outgoing: ServerResponse): WebhookResponse {
	const response = Object.assign(outgoing, {
		status(code: number) {
			outgoing.statusCode = code;
			return response;
		},
		set(name: string, value: string) {
			outgoing.setHeader(name, value);
			return response;
		},
		header(name: string, value: string) {
			outgoing.setHeader(name, value);
			return response;
		},
		json(body: unknown) {
			outgoing.setHeader('content-type', 'application/json; charset=utf-8');
			outgoing.end(body === undefined ? '' : JSON.stringify(body));
			return response;
		},
		send(body?: string | Buffer | object) {
			if (typeof body === 'object' && !Buffer.isBuffer(body)) return response.json(body);
			outgoing.end(body);
			return response;
		},
		sendStatus(code: number) {
			outgoing.statusCode = code;
			outgoing.end(String(code));
			return response;
		},
	}) as unknown as WebhookResponse;
	return response;
}
