import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Owner } from './accounts';

/** The login of the n8n in this data folder, made up when the folder is new. Only the user can read the file. */
export async function ownerOf(dataFolder: string): Promise<Owner> {
	const file = join(dataFolder, 'owner.json');
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Owner;
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
	}
	// n8n wants a capital letter and a digit.
	const owner = {
		email: 'owner@example.com',
		password: `Kling-1-${randomBytes(9).toString('base64url')}`,
	};
	await mkdir(dataFolder, { recursive: true });
	await writeFile(file, `${JSON.stringify(owner, null, '\t')}\n`, { mode: 0o600, flag: 'wx' });
	return owner;
}
