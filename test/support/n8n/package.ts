import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { runNpm } from './npm';

export const PACKAGE_NAME = 'n8n-nodes-kling-multi-shot';
export const ACTION_TYPE = `${PACKAGE_NAME}.klingAiMultiShot`;
export const TRIGGER_TYPE = `${PACKAGE_NAME}.klingAiMultiShotTrigger`;
export const CREDENTIAL_TYPE = 'klingApi';

const ROOT = resolve(__dirname, '../../..');
const run = promisify(execFile);

/** Builds the package and packs it as npm would publish it. Gives the tarball's path. */
export async function packNodes(destination: string): Promise<string> {
	const nodeBinary = process.execPath;
	await mkdir(destination, { recursive: true });
	await runNpm(['run', 'build'], { folder: ROOT, nodeBinary });
	const output = await runNpm(
		['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
		{ folder: ROOT, nodeBinary },
	);
	const [packed] = JSON.parse(output) as Array<{ filename: string }>;
	if (packed === undefined) throw new Error(`npm pack packed nothing: ${output}`);
	return join(destination, packed.filename);
}

/** Lays the tarball where n8n lays a community package, so that its node types carry the package's name. */
export async function installNodes(tarball: string, userFolder: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE_NAME);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}
