import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const PACKAGE_FOLDER = resolve(__dirname, '../../..');

export interface PackedPackage {
	/** The unpacked tarball; n8n-workflow is found from there as in n8n. */
	folder: string;
	/** Paths relative to the folder, with forward slashes. */
	files: string[];
	remove: () => void;
}

/** What `npm publish` would send, unpacked. */
export async function packPackage(): Promise<PackedPackage> {
	if (!existsSync(join(PACKAGE_FOLDER, 'dist')))
		throw new Error('There is no dist: run npm run build first');
	const temporary = mkdtempSync(join(tmpdir(), 'kling-pack-'));
	const folder = join(temporary, 'package');
	mkdirSync(folder);
	symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(temporary, 'node_modules'), 'dir');
	const pack = [
		'pack',
		'--json',
		'--ignore-scripts',
		'--loglevel=error',
		'--pack-destination',
		temporary,
	];
	const { stdout } = await run('npm', pack, { cwd: PACKAGE_FOLDER });
	const [tarball] = JSON.parse(stdout) as Array<{
		filename: string;
		files: Array<{ path: string }>;
	}>;
	if (!tarball) throw new Error('npm pack made nothing');
	await run('tar', [
		'-xzf',
		join(temporary, tarball.filename),
		'-C',
		folder,
		'--strip-components=1',
	]);
	return {
		folder,
		files: tarball.files.map(({ path }) => path),
		remove: () => {
			rmSync(temporary, { recursive: true, force: true });
		},
	};
}
