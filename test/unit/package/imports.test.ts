import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import { PACKAGE_FOLDER } from './pack';

const NODE = 'nodes/KlingAiMultiShot';
const SHARED = 'nodes/shared';
const NODE_CLASS = `${NODE}/KlingAiMultiShot.node.ts`;
const CREDENTIAL = 'credentials/KlingApi.credentials.ts';
const ENGINE = 'test/support/engine/index.ts';
const OPERATION = fileIn(`${NODE}/operations`);
const TRIGGER = fileIn(`${NODE}/trigger`);
const RUN = fileIn(`${SHARED}/run`);
const INPUT = fileIn(`${SHARED}/input`);
const WAITING = fileIn(`${SHARED}/waiting`);
const OUTPUT = fileIn(`${SHARED}/output`);
const CLIENT = fileIn(`${SHARED}/client`);
const TRANSPORT = fileIn(`${SHARED}/transport`);
const LIB = fileIn(`${SHARED}/lib`);
const LOCAL_KLING = fileIn('test/kling');
const SHIPPED = [
	NODE_CLASS,
	OPERATION,
	TRIGGER,
	RUN,
	INPUT,
	WAITING,
	OUTPUT,
	CLIENT,
	TRANSPORT,
	LIB,
];

/** From the top of the house to its bottom. */
const FLOORS = [
	[NODE_CLASS],
	[OPERATION, TRIGGER],
	[RUN, INPUT, WAITING, OUTPUT],
	[CLIENT],
	[TRANSPORT],
	[LIB],
];
const pairs = FLOORS.flatMap((upper, floor) =>
	FLOORS.slice(floor + 1)
		.flat()
		.flatMap((below) => upper.map((above) => ({ above, below }))),
);

const FORBIDDEN: Array<[from: string, to: string]> = [
	...pairs.map(({ above, below }): [string, string] => [below, above]),
	[OPERATION, TRIGGER],
	[TRIGGER, OPERATION],
	[NODE_CLASS, CREDENTIAL],
	...[...SHIPPED, CREDENTIAL].map((from): [string, string] => [from, ENGINE]),
	[LOCAL_KLING, NODE_CLASS],
	[LOCAL_KLING, TRANSPORT],
	[LOCAL_KLING, CREDENTIAL],
];

const ALLOWED: Array<[from: string, to: string]> = [
	...pairs.map(({ above, below }): [string, string] => [above, below]),
	[WAITING, OUTPUT],
	[ENGINE, LOCAL_KLING],
	[ENGINE, NODE_CLASS],
];

/** The names of the rules that a file breaks, which imports nothing but the other file. */
type Verdicts = Record<string, string[]>;

describe("eslint's rules for imports", () => {
	const cycle = importInOneFolder();
	let verdicts: Verdicts;

	beforeAll(async () => {
		verdicts = await lintImports([...FORBIDDEN, ...ALLOWED, cycle]);
	}, 120_000);

	it.each(FORBIDDEN)('forbid %s to import %s', (from, to) => {
		expect(verdicts[`${from} ${to}`]).toContain('import-x/no-restricted-paths');
	});

	it.each(ALLOWED)('allow %s to import %s', (from, to) => {
		expect(verdicts[`${from} ${to}`]).not.toContain('import-x/no-restricted-paths');
	});

	it('forbid two files to import each other', () => {
		expect(verdicts[cycle.join(' ')]).toContain('import-x/no-cycle');
	});
});

/** One process for all, as jest cannot load eslint.config.mjs; n8n's lint plugin must not see NODE_ENV=test. */
async function lintImports(imports: Array<[string, string]>): Promise<Verdicts> {
	const jobs = imports.map(([from, to]) => ({
		key: `${from} ${to}`,
		filePath: from,
		text: importing(from, to),
	}));
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--input-type=module', '--eval', LINTER, JSON.stringify(jobs)],
		{ cwd: PACKAGE_FOLDER, env: { ...process.env, NODE_ENV: 'production' } },
	);
	return JSON.parse(stdout) as Verdicts;
}

const LINTER = `
import { ESLint } from 'eslint';
const eslint = new ESLint({
	ruleFilter: ({ ruleId }) => ruleId.startsWith('import-x/'),
	// Rules for imports need no types, which take seconds to work out.
	overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } } },
});
const verdicts = {};
for (const { key, filePath, text } of JSON.parse(process.argv[1])) {
	const [{ messages }] = await eslint.lintText(text, { filePath });
	if (messages.some(({ fatal }) => fatal)) throw new Error(messages[0].message);
	verdicts[key] = messages.map(({ ruleId }) => ruleId);
}
console.log(JSON.stringify(verdicts));
`;

function importing(from: string, to: string): string {
	const path = relative(dirname(from), to).replace(/\.ts$/, '');
	return `import * as other from '${path.startsWith('.') ? path : `./${path}`}';\nexport const used = other;\n`;
}

function fileIn(folder: string): string {
	const [file] = readdirSync(join(PACKAGE_FOLDER, folder)).filter(
		(name) => name.endsWith('.ts') && name !== 'index.ts',
	);
	return `${folder}/${file}`;
}

/** [imported, importer]: an import of the second in the first closes a circle. */
function importInOneFolder(): [string, string] {
	for (const folder of ['transport', 'client', 'waiting'].map((name) => `${SHARED}/${name}`)) {
		for (const name of readdirSync(join(PACKAGE_FOLDER, folder))) {
			const text = readFileSync(join(PACKAGE_FOLDER, folder, name), 'utf8');
			const imported = /^import \{[^}]*\} from '\.\/(\w+)'/m.exec(text)?.[1];
			const path = `${folder}/${imported}.ts`;
			if (imported && !text.includes('import type') && existsSync(join(PACKAGE_FOLDER, path)))
				return [path, `${folder}/${name}`];
		}
	}
	throw new Error('No file imports another one of its folder');
}
