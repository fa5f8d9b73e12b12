import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { childOf } from '../support/n8n';
import type { OwnN8n } from './ownN8n';

const run = promisify(execFile);

/**
 * No file of n8n's can be written beyond `bytes` any more: what a full disk does, for one process, without root.
 * Gives what makes room again.
 */
export async function fillDisk(own: OwnN8n, bytes: number): Promise<() => Promise<void>> {
	const processId = String(await childOf(own.processGroup()));
	const limit = async (soft: string) =>
		await run('prlimit', ['--pid', processId, `--fsize=${soft}:`]);
	await limit(String(bytes));
	return async () => void (await limit('unlimited'));
}
