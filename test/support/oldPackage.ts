import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../..');

export const OLD_VERSION = '0.1.0';
/** As 0.1.0 was packed. */
export const OLD_TARBALL = join(
	ROOT,
	`test/fixtures/n8n-nodes-kling-multi-shot-${OLD_VERSION}.tgz`,
);

export interface OldPackage {
	/** n8n-workflow is found from there as in n8n. */
	folder: string;
	remove: () => void;
}

export async function unpackOldPackage(): Promise<OldPackage> {
	const temporary = mkdtempSync(join(tmpdir(), 'kling-old-'));
	const folder = join(temporary, 'package');
	mkdirSync(folder);
	symlinkSync(join(ROOT, 'node_modules'), join(temporary, 'node_modules'), 'dir');
	const tar = ['-xzf', OLD_TARBALL, '-C', folder, '--strip-components=1'];
	await promisify(execFile)('tar', tar);
	return { folder, remove: () => rmSync(temporary, { recursive: true, force: true }) };
}
