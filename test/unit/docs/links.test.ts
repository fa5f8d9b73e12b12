import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

import packageJson from '../../../package.json';
import { anchorsOf, DECISIONS, DOCUMENTS, linksOf, PACKAGE_FOLDER, readDocument } from './markdown';

const README = readDocument('README.md');
const INDEX = 'docs/decisions/README.md';

describe.each(DOCUMENTS)('%s', (document) => {
	const links = linksOf(readDocument(document));

	it('links only to files that exist', () => {
		const files = links.filter(isRelative).map((link) => fileOf(document, link));
		expect(files.filter((file) => !existsSync(join(PACKAGE_FOLDER, file)))).toEqual([]);
	});

	it('links only to headings that exist', () => {
		const dead = links
			.filter((link) => isRelative(link) && link.includes('#'))
			.filter((link) => {
				const anchors = anchorsOf(readDocument(fileOf(document, link)));
				return !anchors.includes(link.split('#')[1] ?? '');
			});
		expect(dead).toEqual([]);
	});

	it('links to other sites by https alone', () => {
		const foreign = links.filter((link) => !isRelative(link));
		expect(foreign.filter((link) => !/^https:\/\/[\w.-]+\.[a-z]+(\/|$)/.test(link))).toEqual([]);
	});
});

describe('the README', () => {
	it('has at most 200 lines', () => {
		expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
	});

	it('links to every document and every example', () => {
		const examples = readdirSync(join(PACKAGE_FOLDER, 'docs/workflows'));
		const wanted = [
			...DOCUMENTS.filter((path) => path !== 'README.md' && !DECISIONS.includes(path)),
			INDEX,
			...examples.map((name) => `docs/workflows/${name}`),
		];
		expect(linksOf(README)).toEqual(expect.arrayContaining(wanted));
	});

	it('names the package as it is installed', () => {
		expect(README).toContain(`enter \`${packageJson.name}\``);
	});
});

describe('the decisions', () => {
	const files = DECISIONS.filter((path) => path !== INDEX).map((path) => basename(path));

	it('stand in the index, by date', () => {
		expect(files.length).toBeGreaterThan(0);
		expect(linksOf(readDocument(INDEX))).toEqual([...files].sort());
	});

	it.each(files)('%s has its date, and says what was rejected', (file) => {
		const text = readDocument(`docs/decisions/${file}`);

		expect(text.split('\n')[2]).toBe(/^\d{4}-\d\d-\d\d(?=-)/.exec(file)?.[0]);
		expect(text).toMatch(/\n## Context\n\n\S[^#]*\n## Decision\n\n\S[^#]*\n## Rejected\n\n- \S/);
	});
});

function isRelative(link: string): boolean {
	return !/^[a-z]+:/.test(link);
}

/** From the package's folder; a lone anchor means the document itself. */
function fileOf(document: string, link: string): string {
	const [path = ''] = link.split('#');
	return path === '' ? document : normalize(join(dirname(document), path));
}
