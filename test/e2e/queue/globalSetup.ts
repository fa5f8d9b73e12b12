import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	connect,
	CURRENT_N8N,
	installN8n,
	ownerOf,
	packNodes,
	withProgress,
} from '../../support/n8n';
import { tell } from '../shared';
import { startCluster, type Cluster } from './cluster';

declare global {
	// Only `var` makes a property of globalThis known.
	var cluster: Cluster | undefined;
	var clusterFolder: string | undefined;
}

const say = (line: string): void => console.log(line);

export default async function globalSetup(): Promise<void> {
	for (const name of Object.keys(process.env)) {
		if (name.startsWith('KLING_')) delete process.env[name];
	}
	const version = CURRENT_N8N;
	const n8n = await installN8n(say, version);
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-queue-'));
	// PostgreSQL, as a user of its own, has its folder in it.
	await chmod(folder, 0o711);
	try {
		const tarball = await packNodes(folder);
		const cluster = await withProgress(
			`Starting PostgreSQL, Redis and n8n ${version} in queue mode`,
			say,
			async () => await startCluster(folder, n8n, tarball),
		);
		globalThis.cluster = cluster;
		globalThis.clusterFolder = folder;
		const owner = await ownerOf(folder);
		const baseUrl = cluster.main.baseUrl();
		await connect(baseUrl, version).logIn(owner);
		tell({ baseUrl, version, owner, tarball, logFile: join(folder, 'main.log') });
	} catch (error) {
		await globalThis.cluster?.kill();
		await rm(folder, { recursive: true, force: true });
		throw error;
	}
}
