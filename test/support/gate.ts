import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

export interface GateReport {
	passed: boolean;
	/** What the scanner prints when it refuses the package. */
	details: string;
	files: number;
	/** `file:line rule message`; n8n lets these pass. */
	warnings: string[];
}

/**
 * The scanner that n8n verifies packages with, on a folder: 'source' as it reads the repository,
 * 'tarball' as it reads the published package. Both must pass.
 */
export async function runGate(folder: string, leg: 'source' | 'tarball'): Promise<GateReport> {
	const root = resolve(__dirname, '../..');
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--input-type=module', '--eval', SCANNER, folder, leg],
		// Under NODE_ENV=test n8n's lint plugin takes every file for a trigger node.
		{ cwd: root, env: { ...process.env, NODE_ENV: 'production' }, maxBuffer: 16 * 1024 * 1024 },
	);
	return JSON.parse(stdout) as GateReport;
}

/**
 * The scanner is an ES module, which jest cannot load: hence a process of its own. It keeps warnings
 * to itself and passes when it finds no files, so ESLint's results are looked at on their way.
 */
const SCANNER = `
import { relative } from 'node:path';
import { ESLint } from 'eslint';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

const [folder, leg] = process.argv.slice(1);
const lintFiles = ESLint.prototype.lintFiles;
const results = [];
ESLint.prototype.lintFiles = async function (files) {
	const found = await lintFiles.call(this, files);
	results.push(...found);
	return found;
};
const patterns = leg === 'source' ? SOURCE_FILE_PATTERNS : ['**/*.js', 'package.json'];
const { passed, message = '', details = '' } = await analyzePackage(folder, patterns);
const warnings = results.flatMap(({ filePath, messages }) =>
	messages
		.filter(({ severity }) => severity === 1)
		.map(({ line, ruleId, message }) => relative(folder, filePath) + ':' + line + ' ' + ruleId + ' ' + message),
);
console.log(JSON.stringify({ passed, details: [message, details].join('\\n').trim(), files: results.length, warnings }));
`;
