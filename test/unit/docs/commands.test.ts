import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import packageJson from '../../../package.json';
import { loadRules } from '../../rules/rule';
import { codeBlocks, codeSpans, DOCUMENTS, PACKAGE_FOLDER, readDocument } from './markdown';

const run = promisify(execFile);
const SCRIPTS: Record<string, string> = packageJson.scripts;
const BUILT_IN = ['install', 'ci', 'pack', 'publish'];
/** Of tools that start slowly while other tests run. */
const TIMEOUT_MS = 120_000;

interface Command {
	/** Without what stands behind it in the line. */
	text: string;
	document: string;
	tool: string;
	/** Of npm: `test`, `start`, or what `run` is told. */
	script: string;
	/** Behind the script or the tool. */
	parameters: string[];
}

const commands = DOCUMENTS.flatMap(commandsOf);
const scripts = commands.filter(({ tool, script }) => tool === 'npm' && !BUILT_IN.includes(script));

describe('a command of the documents', () => {
	it('is one of npm and npx', () => {
		expect(commands.length).toBeGreaterThan(10);
		expect(commands.filter(({ tool }) => tool !== 'npm' && tool !== 'npx')).toEqual([]);
	});

	it.each(scripts)('is a script of package.json: $text ($document)', ({ script }) => {
		expect(Object.keys(SCRIPTS)).toContain(script);
	});

	it.concurrent.each(flagsByScript())(
		'has its flags in the help: npm run %s -- %j',
		async (script, flags) => {
			const { stdout } = await run('npm', ['run', '--silent', script, '--', '--help'], {
				cwd: PACKAGE_FOLDER,
			});
			for (const flag of flags) expect(stdout).toContain(`${flag} `);
		},
		TIMEOUT_MS,
	);

	it.concurrent.each(testsByConfig())(
		'finds its tests: jest %j, each of %j',
		async (config, patterns) => {
			const { stdout } = await run(binary('jest'), [...config, '--listTests'], {
				cwd: PACKAGE_FOLDER,
			});
			const files = stdout.split('\n').filter((file) => file.endsWith('.test.ts'));
			for (const pattern of patterns)
				expect([pattern, files.some((file) => new RegExp(pattern).test(file))]).toEqual([
					pattern,
					true,
				]);
		},
		TIMEOUT_MS,
	);

	it.each(scripts.filter(({ script, parameters }) => script === 'test:rules' && parameters[0]))(
		'finds its rules: $text',
		async ({ parameters }) => {
			expect(await loadRules(parameters)).not.toEqual([]);
		},
	);
});

describe('a script of package.json', () => {
	const words = Object.entries(SCRIPTS).flatMap(([script, text]) =>
		text.split('&&').map((part) => ({ script, part: part.trim().replace(/^exec /, '') })),
	);

	it.each(words)('$script leads somewhere: $part', ({ part }) => {
		const words = part.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word));
		const [tool = '', ...parameters] = words;
		if (tool === 'npm') expect(Object.keys(SCRIPTS)).toContain(parameters[1]);
		else expect(tool === 'node' || existsSync(binary(tool))).toBe(true);
		const files = parameters.filter((word) => /^\w.*\.[a-z]+$/.test(word));
		expect(files.filter((file) => !existsSync(join(PACKAGE_FOLDER, file)))).toEqual([]);
	});

	it(
		'names tasks that gulp has',
		async () => {
			const { stdout } = await run(binary('gulp'), ['--tasks-simple'], { cwd: PACKAGE_FOLDER });
			const named = words.flatMap(({ part }) => /^gulp (\w+)$/.exec(part)?.[1] ?? []);
			expect(stdout.split('\n')).toEqual(expect.arrayContaining(named));
		},
		TIMEOUT_MS,
	);
});

/** Of blocks for the shell, and of code within the text; a comment behind a command is left out. */
function commandsOf(document: string): Command[] {
	const text = readDocument(document);
	const blocks = codeBlocks(text).filter(({ language }) => language === 'bash');
	const lines = blocks.flatMap(({ code }) =>
		code.split('\n').map((line) => line.replace(/ # .*/, '')),
	);
	const spans = codeSpans(text).filter((span) => /^np[mx] /.test(span));
	return [...lines, ...spans]
		.flatMap((line) => line.split('&&'))
		.map((command) => command.trim())
		.filter((command) => command !== '')
		.map((command) => parse(document, command));
}

function parse(document: string, text: string): Command {
	const [tool = '', first = '', ...rest] = text.split(/\s+/);
	const words = tool === 'npm' && first === 'run' ? rest : [first, ...rest];
	const [script = '', ...parameters] = words.filter((word) => word !== '--');
	return { text, document, tool, script, parameters };
}

/** One process a script, however many documents name it. */
function flagsByScript(): Array<[script: string, flags: string[]]> {
	const flags = new Map<string, Set<string>>();
	for (const { script, parameters } of scripts)
		for (const flag of parameters.filter(isFlag))
			flags.set(script, (flags.get(script) ?? new Set()).add(flag));
	return [...flags].map(([script, found]) => [script, [...found]]);
}

/** What `npx jest` is given: its configuration, and all that tests are named by under it. */
function testsByConfig(): Array<[config: string[], patterns: string[]]> {
	const found = new Map<string, string[]>();
	for (const { tool, script, parameters } of commands) {
		if (tool !== 'npx' || script !== 'jest') continue;
		const at = parameters.indexOf('--config');
		const config = at < 0 ? '' : parameters.slice(at, at + 2).join(' ');
		const patterns = parameters.filter(
			(word, index) => !isFlag(word) && (at < 0 || index !== at + 1),
		);
		found.set(config, [...(found.get(config) ?? []), ...patterns]);
	}
	return [...found].map(([config, patterns]) => [config.split(' ').filter(Boolean), patterns]);
}

function isFlag(word: string): boolean {
	return word.startsWith('--');
}

function binary(name: string): string {
	return join(PACKAGE_FOLDER, 'node_modules/.bin', name);
}
