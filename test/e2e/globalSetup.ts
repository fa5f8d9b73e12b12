import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

import {
	connect,
	CURRENT_N8N,
	installN8n,
	installNodes,
	ownerOf,
	packNodes,
	startN8n,
	withProgress,
} from '../support/n8n';
import { tell } from './shared';

const say = (line: string): void => console.log(line);

/** `E2E_TARBALL` names a packed package, so that several versions of n8n get the same one; else it is packed here. */
async function tarballIn(dataFolder: string): Promise<string> {
	const given = process.env['E2E_TARBALL'];
	const tarball = given ? resolve(given) : await packNodes(dataFolder);
	const sum = createHash('sha256')
		.update(await readFile(tarball))
		.digest('hex');
	say(`${basename(tarball)}, SHA-256 ${sum}`);
	return tarball;
}

/** An n8n that somebody else has started with the package, such as n8n's Docker image. */
async function useRunning(baseUrl: string, version: string): Promise<void> {
	const owner = {
		email: 'owner@example.com',
		password: `Kling-1-${randomBytes(9).toString('hex')}`,
	};
	await connect(baseUrl, version).logIn(owner);
	tell({ baseUrl, version, owner, tarball: '', logFile: '' });
}

/** `E2E_N8N_VERSION` chooses another n8n; `E2E_N8N_URL` one that runs already. */
export default async function globalSetup(): Promise<void> {
	for (const name of Object.keys(process.env)) {
		if (name.startsWith('KLING_')) delete process.env[name];
	}
	const version = process.env['E2E_N8N_VERSION'] ?? CURRENT_N8N;
	const running = process.env['E2E_N8N_URL'];
	if (running) return await useRunning(running, version);
	const n8n = await installN8n(say, version);
	const dataFolder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-e2e-'));
	try {
		const tarball = await tarballIn(dataFolder);
		await installNodes(tarball, dataFolder);
		const logFile = join(dataFolder, 'n8n.log');
		const filesFolder = join(dataFolder, 'files');
		await mkdir(filesFolder);
		const environment = { N8N_METRICS: 'true', N8N_RESTRICT_FILE_ACCESS_TO: filesFolder };
		const server = await withProgress(
			`Starting n8n ${version}`,
			say,
			async () => await startN8n({ n8n, userFolder: dataFolder, logFile, environment }),
		);
		globalThis.startedN8n = { server, dataFolder };
		const owner = await ownerOf(dataFolder);
		await connect(server.baseUrl, version).logIn(owner);
		tell({ baseUrl: server.baseUrl, version, owner, tarball, logFile, filesFolder });
	} catch (error) {
		await globalThis.startedN8n?.server.kill();
		await rm(dataFolder, { recursive: true, force: true });
		throw error;
	}
}
