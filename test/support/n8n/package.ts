import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { runNpm } from './npm';

export const PACKAGE_NAME = 'n8n-nodes-kling-multi-shot';
export const ACTION_TYPE = `${PACKAGE_NAME}.klingAiMultiShot`;
export const TRIGGER_TYPE = `${PACKAGE_NAME}.klingAiMultiShotTrigger`;
export const CREDENTIAL_TYPE = 'klingApi';

const ROOT = resolve(__dirname, '../../..');
const run = promisify(execFile);

/** Begins the node's description in a package of {@link packLater}. */
export const LATER = 'Later version. ';

async function pack(folder: string, destination: string): Promise<string> {
	const output = await runNpm(
		['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
		{ folder, nodeBinary: process.execPath },
	);
	const [packed] = JSON.parse(output) as Array<{ filename: string }>;
	if (packed === undefined) throw new Error(`npm pack packed nothing: ${output}`);
	return join(destination, packed.filename);
}

/** Builds the package and packs it as npm would publish it. Gives the tarball's path. */
export async function packNodes(destination: string): Promise<string> {
	await mkdir(destination, { recursive: true });
	await runNpm(['run', 'build'], { folder: ROOT, nodeBinary: process.execPath });
	return await pack(ROOT, destination);
}

async function unpack(tarball: string, folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

/** Lays the tarball where n8n lays a community package, so that its node types carry the package's name. */
export async function installNodes(tarball: string, userFolder: string): Promise<void> {
	await unpack(tarball, join(userFolder, '.n8n', 'nodes', 'node_modules', PACKAGE_NAME));
}

/** The package as a later version, which its node can be seen to come from. Gives the tarball's path. */
export async function packLater(
	tarball: string,
	version: string,
	destination: string,
): Promise<string> {
	const folder = join(destination, `later-${version}`);
	await unpack(tarball, folder);
	const edit = async (file: string, change: (text: string) => string): Promise<void> => {
		const path = join(folder, file);
		await writeFile(path, change(await readFile(path, 'utf8')));
	};
	await edit('package.json', (text) =>
		JSON.stringify({ ...(JSON.parse(text) as object), version }, null, '\t'),
	);
	await edit('dist/nodes/KlingAiMultiShot/KlingAiMultiShot.node.js', (text) =>
		text.replace(/(\bdescription:\s*['"])/, `$1${LATER}`),
	);
	return await pack(folder, destination);
}
