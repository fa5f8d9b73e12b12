import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Reply } from './reply';
import type { RecordedRequest } from './requests';

/** More than 10 MB as base64. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Longer than any test: a socket that closes under a request would look like a fault. */
const KEEP_ALIVE_MS = 120_000;

export interface Listener {
	port: number;
	/** Ends open keep-alive sockets, too. */
	close(): Promise<void>;
	/** After close(), on the same port. */
	reopen(): Promise<void>;
}

export async function listen(
	port: number,
	answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
	const server: Server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
		answer(request, response).catch(() => request.socket.destroy());
	});
	const open = async (where: number): Promise<void> => {
		server.listen(where, '127.0.0.1');
		await once(server, 'listening');
	};
	await open(port);
	const taken = (server.address() as AddressInfo).port;
	return {
		port: taken,
		reopen: async () => await open(taken),
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

/** Throws when the client goes away, or sends too much. */
export async function readBody(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of request as AsyncIterable<Buffer>) {
		length += part.length;
		if (length > MAX_BODY_BYTES) throw new Error('Body too large');
		parts.push(part);
	}
	return Buffer.concat(parts).toString('utf8');
}

export async function send(
	response: ServerResponse,
	reply: Reply,
	record: RecordedRequest,
): Promise<void> {
	if (reply.manner === 'drop') {
		response.socket?.destroy();
		return;
	}
	record.status = reply.status;
	record.code = reply.code;
	if (response.destroyed) return;
	const length = reply.manner === 'repeat' ? {} : { 'content-length': reply.body.length };
	response.writeHead(reply.status, { ...length, ...reply.headers });
	if (response.req.method === 'HEAD') {
		response.end();
	} else if (reply.manner === 'repeat') {
		await repeat(response, reply, record);
	} else if (reply.manner === 'cut') {
		record.bytes = Math.floor(reply.body.length / 2);
		response.write(reply.body.subarray(0, record.bytes), () => response.socket?.destroy());
	} else {
		record.bytes = reply.body.length;
		response.end(reply.body);
	}
	if (!response.closed) await once(response, 'close');
}

/** Until `bytes` were sent or the client went away. */
async function repeat(
	response: ServerResponse,
	{ body, bytes = Infinity }: Reply,
	record: RecordedRequest,
): Promise<void> {
	function* parts() {
		while (record.bytes < bytes) {
			const part = body.subarray(0, Math.min(body.length, bytes - record.bytes));
			record.bytes += part.length;
			yield part;
		}
	}
	await pipeline(parts, response).catch(() => undefined);
}
