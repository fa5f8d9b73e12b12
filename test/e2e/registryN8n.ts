import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import {
	connect,
	installN8n,
	PACKAGE_NAME,
	startN8n,
	startRegistry,
	type N8nApi,
	type Registry,
} from '../support/n8n';
import { place, tell } from './shared';

/** Nobody listens there: n8n's own questions about packages do not leave this machine. */
const NOWHERE = 'http://127.0.0.1:9';
const PACKAGES = '/rest/community-packages';

/** An n8n of a test file's own, with nothing installed and a registry beside it. */
export interface RegistryN8n {
	folder: string;
	registry: Registry;
	api: N8nApi;
	/** As the editor's buttons do. */
	install: (version: string) => Promise<void>;
	update: (version: string) => Promise<void>;
	/** Of the installed package, as n8n tells it; undefined without one. */
	installed: () => Promise<string | undefined>;
	/** Ends n8n and starts it again with the same data, and more of the environment if given. */
	restart: (environment?: Record<string, string>) => Promise<void>;
	close: () => Promise<void>;
}

export async function startRegistryN8n(
	environment: Record<string, string> = {},
): Promise<RegistryN8n> {
	const { owner, version } = place();
	const report = (line: string): void => console.log(line);
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-e2e-registry-'));
	const registry = await startRegistry(folder, report);
	const n8n = await installN8n(report, version);
	const PATH = [registry.npmFolder, dirname(n8n.nodeBinary), process.env['PATH']].join(':');
	const logFile = join(folder, 'n8n.log');
	const options = { n8n, userFolder: folder, logFile };
	const proxies = { PATH, HTTPS_PROXY: NOWHERE, NO_PROXY: '127.0.0.1', ...environment };
	let server = await startN8n({ ...options, environment: proxies });
	tell({ ...place(), baseUrl: server.baseUrl, logFile });
	const api = connect(server.baseUrl, version);
	await api.logIn(owner);
	const { request } = api.session;
	return {
		folder,
		registry,
		api,
		install: async (wanted) =>
			void (await request('POST', PACKAGES, { name: PACKAGE_NAME, version: wanted })),
		update: async (wanted) =>
			void (await request('PATCH', PACKAGES, { name: PACKAGE_NAME, version: wanted })),
		async installed() {
			const all = await request<Array<Record<'packageName' | 'installedVersion', string>>>(
				'GET',
				PACKAGES,
			);
			return all.find(({ packageName }) => packageName === PACKAGE_NAME)?.installedVersion;
		},
		async restart(more = {}) {
			const { port } = server;
			await server.stop();
			server = await startN8n({ ...options, port, environment: { ...proxies, ...more } });
			await api.logIn(owner);
		},
		async close() {
			await server.kill();
			await registry.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
