import { createServer } from 'node:net';

const PORTS_TRIED = 50;

async function listens(port: number): Promise<number | null> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
			else reject(error);
		});
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => {
				resolve(typeof address === 'object' && address !== null ? address.port : null);
			});
		});
	});
}

/** The first free loopback port from `wanted` on; 0 takes any. */
export async function freePort(wanted = 0): Promise<number> {
	for (let port = wanted; port < wanted + PORTS_TRIED; port++) {
		const found = await listens(port);
		if (found !== null) return found;
	}
	throw new Error(`No free port on 127.0.0.1 from ${wanted} to ${wanted + PORTS_TRIED - 1}`);
}
