import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	installN8n,
	installNodes,
	ownerOf,
	packNodes,
	startN8n,
	connect,
} from '../../test/support/n8n';
import type { InstalledN8n, Owner } from '../../test/support/n8n';
import { forkKling, type RemoteKling } from './stand/remoteKling';

/** Shared by all scenarios of a run. */
export interface Bench {
	quick: boolean;
	/** For the tasks' durations, which are the same for all contenders of a round. */
	seed: number;
	say: (line: string) => void;
	n8n: InstalledN8n;
	owner: Owner;
	kling: RemoteKling;
	/** The packed package. */
	tarball: string;
	/** Creates a user folder with the owner set up and the package installed. */
	userFolder: () => Promise<string>;
	close: () => Promise<void>;
}

export async function openBench({ quick, seed, say }: Pick<Bench, 'quick' | 'seed' | 'say'>) {
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-bench-'));
	const kling = forkKling();
	const close = async () => {
		kling.close();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const n8n = await installN8n(say);
		const tarball = await packNodes(folder);
		const template = join(folder, 'template');
		await installNodes(tarball, template);
		const owner = await ownerOf(template);
		await setUp(n8n, template, owner);
		let copies = 0;
		const userFolder = async () => {
			const copy = join(folder, `n8n-${++copies}`);
			await cp(template, copy, { recursive: true });
			return copy;
		};
		return { quick, seed, say, n8n, owner, kling, tarball, userFolder, close } satisfies Bench;
	} catch (error) {
		await close();
		throw error;
	}
}

/** The first start creates the database and the owner, once for all copies. */
async function setUp(n8n: InstalledN8n, userFolder: string, owner: Owner): Promise<void> {
	const server = await startN8n({ n8n, userFolder, logFile: join(userFolder, 'n8n.log') });
	await connect(server.baseUrl, n8n.version).logIn(owner);
	await server.stop();
}
