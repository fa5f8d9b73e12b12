import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Proxy {
	/** Of the folder that it serves, with a slash at the end. */
	url: string;
	/** Paths that were asked for. */
	paths: string[];
	/** Where it passes requests on to. */
	target: string;
	close: () => void;
}

/** A reverse proxy that serves its target under a folder of its own. */
export async function startProxy(folder: string): Promise<Proxy> {
	const proxy: Proxy = { url: '', paths: [], target: '', close: () => server.close() };
	const server = createServer((incoming, answer) => {
		const path = incoming.url ?? '';
		proxy.paths.push(path);
		if (!path.startsWith(folder)) {
			answer.writeHead(404).end();
			return;
		}
		const { method, headers } = incoming;
		const url = `${proxy.target}/${path.slice(folder.length)}`;
		const outgoing = request(url, { method, headers }, (response) => {
			answer.writeHead(response.statusCode ?? 502, response.headers);
			response.pipe(answer);
		});
		outgoing.on('error', () => answer.writeHead(502).end());
		incoming.pipe(outgoing);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`;
	return proxy;
}
