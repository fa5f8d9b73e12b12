import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import { PACKAGE_FOLDER } from './pack';

const NODE = 'nodes/KlingAiMultiShot';
const SHARED = 'nodes/shared';
const CREDENTIAL = 'credentials';
const OPERATION = `${NODE}/operations`;
const TRIGGER = `${NODE}/trigger`;
const OTHER_NODE = 'nodes/KlingElement/operations';
const WAITING = `${SHARED}/waiting`;
const OUTPUT = `${SHARED}/output`;
const ROOMS = [`${SHARED}/run`, `${SHARED}/input`, WAITING, OUTPUT];
const CLIENT = `${SHARED}/client`;
const TRANSPORT = `${SHARED}/transport`;
const LIB = `${SHARED}/lib`;
const KLING = 'test/kling';
const SUPPORT = 'test/support';
const TOOL = 'tools/demo';
const SHIPPED = [CREDENTIAL, NODE, OPERATION, TRIGGER, ...ROOMS, CLIENT, TRANSPORT, LIB];

/** From the top to the bottom, each with its rule. */
const LAYERS = [
	{ rules: ['layer-node'], folders: [NODE] },
	{ rules: ['layer-operations', 'layer-trigger'], folders: [OPERATION, TRIGGER] },
	{ rules: ['layer-rooms'], folders: ROOMS },
	{ rules: ['layer-client'], folders: [CLIENT] },
	{ rules: ['layer-transport'], folders: [TRANSPORT] },
	{ rules: ['layer-lib'], folders: [LIB] },
];
const pairs = LAYERS.flatMap((upper, index) =>
	LAYERS.slice(index + 1).flatMap(({ rules, folders }) =>
		folders.flatMap((below, place) =>
			upper.folders.map((above) => ({ above, below, rule: rules[place] ?? rules[0] ?? '' })),
		),
	),
);

/** A folder, what a file in it imports (a folder's file or a library), and the rule against it. */
const FORBIDDEN: Array<[from: string, to: string, rule: string]> = [
	...pairs.map(({ above, below, rule }): [string, string, string] => [below, above, rule]),
	[OPERATION, TRIGGER, 'layer-operations'],
	[TRIGGER, OPERATION, 'layer-trigger'],
	[NODE, CREDENTIAL, 'layer-node'],
	[CREDENTIAL, CLIENT, 'layer-credentials'],
	[OPERATION, OTHER_NODE, 'nodes-apart'],
	[OTHER_NODE, OPERATION, 'nodes-apart'],
	...SHIPPED.map((from): [string, string, string] => [from, SUPPORT, 'shipped-alone']),
	[OPERATION, TOOL, 'shipped-alone'],
	[LIB, 'axios', 'shipped-libraries'],
	[OPERATION, 'node:fs', 'shipped-libraries'],
	...[OPERATION, TRANSPORT, CREDENTIAL, SUPPORT, TOOL].map((to): [string, string, string] => [
		KLING,
		to,
		'kling-alone',
	]),
	[KLING, 'jose', 'kling-libraries'],
	[KLING, 'image-size', 'kling-libraries'],
	[TOOL, './nowhere', 'found'],
];

const ALLOWED: Array<[from: string, to: string]> = [
	...pairs.map(({ above, below }): [string, string] => [above, below]),
	[WAITING, OUTPUT],
	[CREDENTIAL, TRANSPORT],
	[OTHER_NODE, CLIENT],
	[LIB, 'n8n-workflow'],
	[LIB, 'node:crypto'],
	[KLING, 'node:http'],
	[SUPPORT, KLING],
	[SUPPORT, OPERATION],
	[TOOL, KLING],
];

const CYCLES = ['import', 'import type'];

interface Report {
	summary: {
		violations: Array<{ from: string; rule: { name: string } }>;
		ruleSetUsed: { forbidden: Array<{ name: string }> };
	};
}

/** In files made for it, each with one import, in folders as they are here. */
describe("dependency-cruiser's rules", () => {
	const copy = mkdtempSync(join(tmpdir(), 'kling-imports-'));
	let report: Report['summary'];

	const write = (file: string, text: string) => {
		mkdirSync(join(copy, dirname(file)), { recursive: true });
		writeFileSync(join(copy, file), text);
		return file;
	};
	const importing = (name: string, from: string, to: string) => {
		const isFolder = /^(nodes|credentials|test|tools)(\/|$)/.test(to);
		const target = isFolder ? relative(from, write(`${to}/imported.ts`, 'export {};\n')) : to;
		const path = target.replace(/\.ts$/, '');
		return write(
			`${from}/${name}.ts`,
			`import * as other from '${/^(\.|\w+:|[\w-]+$)/.test(path) ? path : `./${path}`}';\nexport default other;\n`,
		);
	};
	const rulesOf = (file: string) =>
		report.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

	const forbidden = FORBIDDEN.map(([from, to], index) => importing(`forbidden${index}`, from, to));
	const allowed = ALLOWED.map(([from, to], index) => importing(`allowed${index}`, from, to));
	const cycles = CYCLES.map((kind, index) => {
		const [one, two] = [`one${index}`, `two${index}`];
		write(
			`${LIB}/${two}.ts`,
			`${kind} { one } from './${one}';\nexport const two = {} as typeof one;\n`,
		);
		return write(
			`${LIB}/${one}.ts`,
			`${kind} { two } from './${two}';\nexport const one = {} as typeof two;\n`,
		);
	});

	beforeAll(async () => {
		report = await cruise(copy);
	}, 60_000);
	afterAll(() => rmSync(copy, { recursive: true, force: true }));

	it.each(FORBIDDEN.map((row, index) => [...row, forbidden[index] ?? ''] as const))(
		'forbid %s to import %s: %s',
		(_from, _to, rule, file) => {
			expect(rulesOf(file)).toEqual([rule]);
		},
	);

	it.each(ALLOWED.map((row, index) => [...row, allowed[index] ?? ''] as const))(
		'allow %s to import %s',
		(_from, _to, file) => {
			expect(rulesOf(file)).toEqual([]);
		},
	);

	it.each(CYCLES.map((kind, index) => [kind, cycles[index] ?? '']))(
		'forbid two files to %s each other',
		(_kind, file) => {
			expect(rulesOf(file)).toEqual(['no-cycle']);
		},
	);

	it('are all broken here, and speak of folders that exist', () => {
		const names = report.ruleSetUsed.forbidden.map(({ name }) => name);
		const broken = new Set(report.violations.map(({ rule }) => rule.name));

		expect([...broken].sort()).toEqual(names.sort());
		for (const folder of [...SHIPPED, KLING, SUPPORT, TOOL])
			expect([folder, existsSync(join(PACKAGE_FOLDER, folder))]).toEqual([folder, true]);
	});
});

/** The command line, as the library is an ES module. Fails by its exit code where it finds something. */
async function cruise(folder: string): Promise<Report['summary']> {
	symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'), 'dir');
	const program = join(PACKAGE_FOLDER, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
	const config = join(PACKAGE_FOLDER, '.dependency-cruiser.mjs');
	const { stdout } = await promisify(execFile)(
		process.execPath,
		[
			program,
			'--config',
			config,
			'--output-type',
			'json',
			...['nodes', 'credentials', 'test', 'tools'],
		],
		{ cwd: folder, maxBuffer: 64 * 1024 * 1024 },
	);
	return (JSON.parse(stdout) as Report).summary;
}
