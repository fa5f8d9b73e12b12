import { dirname, join } from 'node:path';

import {
	connect,
	installN8n,
	ownerOf,
	packNodes,
	startN8n,
	startRegistry,
	type N8nApi,
	type Owner,
} from '../../test/support/n8n';
import type { Ending } from '../demo/ending';

export interface Stand {
	api: N8nApi;
	baseUrl: string;
	owner: Owner;
}

/** A real n8n without the package, and a registry that has it. */
export async function openStand(folder: string, ending: Ending): Promise<Stand> {
	const say = (line: string): void => console.log(line);
	const n8n = await installN8n(say);
	const registry = await startRegistry(folder, say);
	ending.add(async () => void (await registry.stop()));
	await registry.publish(await packNodes(folder));
	const PATH = [registry.npmFolder, dirname(n8n.nodeBinary), process.env['PATH']].join(':');
	const server = await startN8n({
		n8n,
		userFolder: folder,
		logFile: join(folder, 'n8n.log'),
		// Nobody listens there: n8n's own questions about packages do not leave this machine.
		environment: { PATH, HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' },
	});
	ending.add(async () => void (await server.stop()));
	const api = connect(server.baseUrl, n8n.version);
	const owner = await ownerOf(folder);
	await api.logIn(owner);
	return { api, baseUrl: server.baseUrl, owner };
}
