import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
	freePort,
	installNodes,
	startN8n,
	type N8nServer,
	type ServerOptions,
} from '../../support/n8n';
import { becomes } from '../pausing';

export type PartOptions = Pick<ServerOptions, 'n8n' | 'command' | 'environment' | 'port'>;

/** One of n8n's processes in queue mode, with a folder of its own as on a machine of its own. */
export interface Part {
	name: string;
	/** Without a slash at the end; the same after a restart. */
	baseUrl: () => string;
	/** Resolves when it works. */
	start: () => Promise<void>;
	/** SIGTERM, and time to end in good order. */
	stop: () => Promise<void>;
	/** kill -9 */
	kill: () => Promise<void>;
	isOver: () => boolean;
	/** What it has logged since its first start. */
	log: () => Promise<string>;
}

export function part(name: string, folder: string, tarball: string, options: PartOptions): Part {
	const userFolder = join(folder, name);
	const logFile = join(folder, `${name}.log`);
	let server: N8nServer | undefined;
	const started = (): N8nServer => {
		if (server) return server;
		throw new Error(`${name} was not started`);
	};
	return {
		name,
		baseUrl: () => started().baseUrl,
		async start() {
			if (!server) await installNodes(tarball, userFolder);
			const port = server?.port ?? options.port ?? 0;
			// What was killed may hold its port for a moment longer than its guard lives.
			await becomes('the port is free', async () => [0, await freePort(port)].includes(port));
			server = await startN8n({ ...options, userFolder, logFile, port });
		},
		stop: async () => void (await started().stop()),
		kill: async () => await started().kill(),
		isOver: () => server?.isOver() ?? true,
		log: async () => await readFile(logFile, 'utf8'),
	};
}
