import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const KEPT = resolve(__dirname, '../../.n8n-local');

/** Ends n8n; of its data only the log stays, as .n8n-local/e2e.log. */
export default async function globalTeardown(): Promise<void> {
	if (globalThis.startedN8n === undefined) return;
	const { server, dataFolder } = globalThis.startedN8n;
	await server.stop();
	await mkdir(KEPT, { recursive: true });
	await copyFile(join(dataFolder, 'n8n.log'), join(KEPT, 'e2e.log'));
	await rm(dataFolder, { recursive: true, force: true });
}
