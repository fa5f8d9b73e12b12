import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

import {
	connect,
	installN8n,
	installNodes,
	launchN8n,
	lock,
	ownerOf,
	packNodes,
	withProgress,
	type N8nApi,
	type Owner,
} from '../../test/support/n8n';
import type { Ending } from './ending';

const FIRST_PORT = 5678;

const say = (line: string): void => console.log(line);

export interface OpenN8n {
	api: N8nApi;
	baseUrl: string;
	owner: Owner;
}

/** A real n8n with the packed nodes and its data in `folder`, which `ending` ends. Downloads n8n when needed. */
export async function openN8n(folder: string, ending: Ending): Promise<OpenN8n> {
	await mkdir(folder, { recursive: true });
	const locked = await lock(join(folder, 'running.lock'));
	if ('holder' in locked) {
		throw new Error(
			`npm start runs already in this folder (process ${locked.holder}): end it first`,
		);
	}
	ending.add(locked.release);

	const n8n = await installN8n(say);
	const tarball = await withProgress(
		'Building and packing the nodes',
		say,
		async () => await packNodes(folder),
	);
	await installNodes(tarball, folder);

	const logFile = join(folder, 'n8n.log');
	const server = await launchN8n({ n8n, userFolder: folder, logFile, port: FIRST_PORT });
	ending.add(async () => void (await server.stop()));
	await withProgress('Starting n8n', say, async () => await server.ready);
	void server.ended.then(() => ending.fail(`n8n ended; its log is ${relative('.', logFile)}`));

	const api = connect(server.baseUrl, n8n.version);
	const owner = await ownerOf(folder);
	await api.logIn(owner);
	return { api, baseUrl: server.baseUrl, owner };
}
