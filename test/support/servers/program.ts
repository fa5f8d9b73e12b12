import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian keeps PostgreSQL's own programs, by version, outside PATH. */
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

async function debianFolders(): Promise<string[]> {
	const versions = await readdir(DEBIAN_POSTGRES).catch(() => []);
	const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
	return newestFirst.map((version) => join(DEBIAN_POSTGRES, version, 'bin'));
}

/** The path of a program of this machine. Rejects with the Debian package that has it where it is missing. */
export async function findProgram(name: string, debianPackage: string): Promise<string> {
	const folders = [...(process.env['PATH'] ?? '').split(':'), ...(await debianFolders())];
	for (const folder of folders) {
		const path = join(folder, name);
		if (
			await access(path, constants.X_OK).then(
				() => true,
				() => false,
			)
		)
			return path;
	}
	throw new Error(
		`${name} is missing on this machine. On Debian: apt-get install ${debianPackage}`,
	);
}
