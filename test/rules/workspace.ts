import {
	cpSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { patch, type Rule } from './rule';

const ROOT = resolve(__dirname, '../..');

/** What the tests of unit and engine read. */
const COPIED = [
	'nodes',
	'credentials',
	'test',
	'docs',
	'README.md',
	'CONTRIBUTING.md',
	'package.json',
	'tsconfig.json',
	'jest.config.js',
];

export interface Workspaces {
	folders: string[];
	remove: () => void;
}

/** Copies of the package side by side, to be patched; node_modules is shared. */
export function makeWorkspaces(count: number): Workspaces {
	const base = mkdtempSync(join(tmpdir(), 'kling-rules-'));
	const folders = Array.from({ length: count }, (_, index) => {
		const folder = join(base, `copy-${index}`);
		for (const part of COPIED) {
			if (existsSync(join(ROOT, part)))
				cpSync(join(ROOT, part), join(folder, part), { recursive: true });
		}
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
		return folder;
	});
	return {
		folders,
		remove: () => {
			rmSync(base, { recursive: true, force: true });
		},
	};
}

/** Breaks the rule in the copy while the work is done, then puts the file back. */
export async function whileBroken<T>(
	folder: string,
	rule: Rule,
	work: () => Promise<T>,
): Promise<T> {
	const file = join(folder, rule.file);
	const original = readFileSync(file, 'utf8');
	writeFileSync(file, patch(original, rule));
	try {
		return await work();
	} finally {
		writeFileSync(file, original);
	}
}
