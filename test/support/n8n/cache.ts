import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { lock } from './lock';
import type { Report } from './progress';

export const CACHE_VARIABLE = 'LOCAL_N8N_CACHE';

const LOOK_AGAIN_MS = 500;

/** Shared by every clone of the user's; `LOCAL_N8N_CACHE` puts it elsewhere. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
	const chosen = environment[CACHE_VARIABLE];
	if (chosen) return chosen;
	const base = environment['XDG_CACHE_HOME'] ?? '';
	return join(base || join(homedir(), '.cache'), 'n8n-nodes-kling-multi-shot');
}

export async function exists(path: string): Promise<boolean> {
	return await stat(path).then(
		() => true,
		() => false,
	);
}

async function removePartial(folder: string): Promise<void> {
	const begin = `${basename(folder)}.partial-`;
	for (const name of await readdir(dirname(folder))) {
		if (!name.startsWith(begin)) continue;
		await rm(join(dirname(folder), name), { recursive: true, force: true });
	}
}

/**
 * Makes `folder` once: `fill` works in a sibling that is renamed when complete, so the folder is whole or absent.
 * Of two runs at once one fills and the other waits; what a killed run left is removed.
 */
export async function fillOnce(
	folder: string,
	report: Report,
	fill: (partial: string) => Promise<void>,
): Promise<void> {
	await mkdir(dirname(folder), { recursive: true });
	let told = false;
	while (!(await exists(folder))) {
		const locked = await lock(`${folder}.lock`);
		if ('holder' in locked) {
			if (!told)
				report(`Process ${locked.holder} is installing ${basename(folder)}; waiting for it ...`);
			told = true;
			await pause(LOOK_AGAIN_MS);
			continue;
		}
		try {
			if (await exists(folder)) return;
			await removePartial(folder);
			const partial = `${folder}.partial-${process.pid}`;
			await mkdir(partial);
			await fill(partial);
			await rename(partial, folder);
		} finally {
			await removePartial(folder);
			await locked.release();
		}
	}
}
