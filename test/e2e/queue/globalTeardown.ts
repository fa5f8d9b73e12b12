import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const KEPT = resolve(__dirname, '../../../.n8n-local');

/** Ends all; of the data only the logs stay, as .n8n-local/queue-*.log. */
export default async function globalTeardown(): Promise<void> {
	const { cluster, clusterFolder: folder } = globalThis;
	if (cluster === undefined || folder === undefined) return;
	await cluster.kill();
	await mkdir(KEPT, { recursive: true });
	const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'));
	for (const log of logs) await copyFile(join(folder, log), join(KEPT, `queue-${log}`));
	await rm(folder, { recursive: true, force: true });
}
