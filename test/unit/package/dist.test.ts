import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

import ts from 'typescript';

import packageJson from '../../../package.json';
import { startKling } from '../../kling';
import { startEngine } from '../../support/engine';
import { loadBuiltPackage, type PackageTypes } from '../../support/engine/package-types';
import { credentialFor } from '../../support/stage';
import { PACKAGE_FOLDER, packPackage, type PackedPackage } from './pack';

const TOP_LEVEL = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'dist', 'index.js', 'package.json'];
const TOKEN = 'dist/nodes/shared/transport/token.js';
/** Characters; the longest lines are texts for users. */
const MAX_LINE = 800;
const n8nPaths = [...packageJson.n8n.credentials, ...packageJson.n8n.nodes];

describe('the packed package', () => {
	let packed: PackedPackage;
	let types: PackageTypes;

	beforeAll(async () => {
		packed = await packPackage();
		const engine = await startEngine({ nodeTypes: { nodes: {}, credentials: {} } });
		types = await loadBuiltPackage(packed.folder);
		engine.stop();
	}, 60_000);
	afterAll(() => {
		packed.remove();
	});

	it('holds the build and its papers, nothing else', () => {
		const topLevel = new Set(packed.files.map((file) => file.split('/')[0] ?? ''));
		const inDist = packed.files.filter((file) => file.startsWith('dist/'));

		expect([...topLevel].sort()).toEqual(TOP_LEVEL);
		expect(
			inDist.filter(
				(file) => !/^dist\/(credentials|nodes)\/[^.]+(\.[a-z]+)?\.(js|json|svg)$/i.test(file),
			),
		).toEqual([]);
		expect(packed.files.filter((file) => /(^|[/.])tests?([/.]|$)|tsbuildinfo/i.test(file))).toEqual(
			[],
		);
	});

	it('requires only n8n-workflow, node:crypto and its own files', () => {
		const scripts = packed.files.filter((file) => file.endsWith('.js') && file !== 'index.js');
		const foreign = scripts.flatMap((file) =>
			foreignImports(packed.folder, file).map((name) => `${file}: ${name}`),
		);

		expect(scripts.length).toBeGreaterThan(n8nPaths.length);
		expect(foreign).toEqual([]);
	});

	it('holds the licences of what was inlined into it, whole, and no source maps', () => {
		const scripts = packed.files.filter((file) => file.endsWith('.js'));
		const libraries = scripts.flatMap((file) => {
			const text = readFileSync(join(packed.folder, file), 'utf8');
			expect(text).not.toContain('sourceMappingURL');
			const inlined = inlinedIn(text);
			for (const library of inlined) expect(text).toContain(licenceOf(library));
			return inlined;
		});

		expect(libraries.sort()).toEqual(['jose']);
	});

	it('can be read: no file is minified, no name changed', () => {
		const scripts = packed.files.filter((file) => file.endsWith('.js') && file !== 'index.js');
		const long = scripts.filter((file) =>
			readFileSync(join(packed.folder, file), 'utf8')
				.split('\n')
				.some(({ length }) => length > MAX_LINE),
		);
		const token = readFileSync(join(packed.folder, TOKEN), 'utf8');

		expect(long).toEqual([]);
		for (const text of ['\nvar SignJWT = class', '\nasync function bearerToken(keys)'])
			expect(token).toContain(text);
	});

	it.each(n8nPaths)('holds %s, which package.json names', (path) => {
		expect(packed.files).toContain(path);
	});

	it('is loaded by n8n: three nodes, one credential', () => {
		expect(Object.keys(types.nodes).sort()).toEqual([
			'klingAiMultiShot',
			'klingAiMultiShotTrigger',
			'klingElement',
		]);
		expect(Object.keys(types.credentials)).toEqual(['klingApi']);
	});

	it('signs and sends a request with what was inlined into it', async () => {
		const kling = await startKling();
		const engine = await startEngine({
			nodeTypes: types,
			credentials: { klingApi: credentialFor(kling) },
		});
		const { task_id } = kling.createTask();
		const run = await engine.runNode({ parameters: { operation: 'list' } });
		engine.stop();
		await kling.close();

		expect(run.error).toBeUndefined();
		expect(run.items.map(({ json }) => json.task_id)).toEqual([task_id]);
	});

	it('has every icon, light and dark', () => {
		const icons = [
			...Object.values(types.nodes).map(({ description }) => description),
			...Object.values(types.credentials),
		]
			.map(({ iconUrl }) => iconUrl)
			.flatMap((icon) => (typeof icon === 'object' ? [icon.light, icon.dark] : [icon]));

		expect(icons).toHaveLength(8);
		for (const icon of icons)
			expect(existsSync(icon?.replace(`icons/${packageJson.name}`, packed.folder) ?? '')).toBe(
				true,
			);
	});
});

describe('the search for imports', () => {
	it.each([
		["require('axios')", ['axios']],
		["import('fs')", ['fs']],
		['import { a } from "lodash"', ['lodash']],
		['export * from "luxon"', ['luxon']],
		['require(name)', ['<computed>']],
		["require('./missing')", ['./missing']],
		["require('../../package.json')", ['../../package.json']],
		["require('n8n-workflow'); require('node:crypto'); // require('fs')", []],
	])('finds in %s: %j', (text, expected) => {
		expect(foreignIn(text, PACKAGE_FOLDER, 'dist/nodes/any.js')).toEqual(expected);
	});
});

/** Libraries of which the build says at its beginning that the file holds parts of them. */
function inlinedIn(text: string): string[] {
	const found = text.matchAll(/^Contains parts of (\S+)\.$/gm);
	return [...found].map(([, library = '']) => library);
}

function licenceOf(library: string): string {
	const folder = join(PACKAGE_FOLDER, 'node_modules', library);
	const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name)) ?? 'LICENSE';
	return readFileSync(join(folder, file), 'utf8').trim();
}

function foreignImports(folder: string, file: string): string[] {
	return foreignIn(readFileSync(join(folder, file), 'utf8'), folder, file);
}

function foreignIn(text: string, folder: string, file: string): string[] {
	return importsOf(text).filter((name) => {
		if (name === 'n8n-workflow' || name === 'node:crypto') return false;
		if (!name.startsWith('.')) return true;
		const target = normalize(join(folder, dirname(file), name));
		const isInDist = relative(join(folder, 'dist'), target).split(/[\\/]/)[0] !== '..';
		return !isInDist || !['', '.js', '.json', '/index.js'].some((end) => existsSync(target + end));
	});
}

/** Every module that the file imports, requires or exports from; `<computed>` where the name is no literal. */
function importsOf(text: string): string[] {
	const found: string[] = [];
	const add = (name: ts.Node | undefined) =>
		found.push(name && ts.isStringLiteral(name) ? name.text : '<computed>');
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || (ts.isExportDeclaration(node) && node.moduleSpecifier))
			add(node.moduleSpecifier);
		if (ts.isCallExpression(node)) {
			const { expression } = node;
			const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
			if (isRequire || expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('any.js', text, ts.ScriptTarget.Latest));
	return found;
}
