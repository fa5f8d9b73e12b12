import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort, installN8n, installNodes, startN8n } from '../support/n8n';
import { place, tell } from './shared';
import { openStage, type Stage } from './stage';

const PORT_FREE_MS = 100;

/** An n8n of a test file's own, to be killed or hurt. */
export interface OwnN8n {
	stage: Stage;
	/** With all that it has started. */
	processGroup: () => number;
	/** kill -9 */
	kill: () => Promise<void>;
	/** After {@link OwnN8n.kill}, with the same data and address. */
	restart: () => Promise<void>;
	/** Ends it and removes its data. */
	close: () => Promise<void>;
}

export async function startOwnN8n(environment: Record<string, string> = {}): Promise<OwnN8n> {
	const { owner, tarball, version } = place();
	const userFolder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-e2e-own-'));
	await installNodes(tarball, userFolder);
	const n8n = await installN8n(() => undefined, version);
	const logFile = join(userFolder, 'n8n.log');
	const options = { n8n, userFolder, logFile, environment };
	let server = await startN8n(options);
	tell({ ...place(), baseUrl: server.baseUrl, logFile });
	const stage = await openStage();
	return {
		stage,
		processGroup: () => server.processId,
		async kill() {
			await server.kill();
			// The guard is gone before n8n itself has let go of its port.
			while ((await freePort(server.port)) !== server.port) await pause(PORT_FREE_MS);
		},
		async restart() {
			server = await startN8n({ ...options, port: server.port });
			await stage.api.logIn(owner);
		},
		async close() {
			await server.kill();
			await rm(userFolder, { recursive: true, force: true });
			await stage.close();
		},
	};
}
