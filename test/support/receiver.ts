import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
	headers: IncomingHttpHeaders;
	/** As it came. */
	raw: string;
	body: Record<string, unknown>;
}

/** Takes callbacks in, and answers them with `status`. */
export async function startReceiver() {
	const received: Received[] = [];
	const receiver = { url: '', status: 200, received, statuses, close };
	const server = createServer((request, response) => {
		void text(request).then((raw) => {
			received.push({ headers: request.headers, raw, body: JSON.parse(raw) as Received['body'] });
			response.writeHead(receiver.status).end('taken');
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;

	function statuses(): unknown[] {
		return received.map(({ body }) => body.task_status ?? body.status);
	}

	async function close(): Promise<void> {
		server.close();
		server.closeAllConnections();
		await once(server, 'close');
	}

	return receiver;
}
