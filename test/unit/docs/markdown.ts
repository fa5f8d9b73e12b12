import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const PACKAGE_FOLDER = resolve(__dirname, '../../..');

export const DECISIONS = pagesIn('docs/decisions');

/** What people read, from the package's folder. */
export const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...pagesIn('docs'), ...DECISIONS];

function pagesIn(folder: string): string[] {
	return readdirSync(join(PACKAGE_FOLDER, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `${folder}/${name}`);
}

export function readDocument(path: string): string {
	return readFileSync(join(PACKAGE_FOLDER, path), 'utf8');
}

export interface CodeBlock {
	language: string;
	code: string;
}

export function codeBlocks(text: string): CodeBlock[] {
	return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
		language,
		code,
	}));
}

export interface NamedFile {
	path: string;
	code: string;
}

/** Each block of TypeScript with its path on the line above it. */
export function filesOf(text: string): NamedFile[] {
	return [...text.matchAll(/^`(\S+\.ts)`\n\n```ts\n([\s\S]*?)^```$/gm)].map(
		([, path = '', code = '']) => ({ path, code }),
	);
}

function withoutBlocks(text: string): string {
	return text.replace(/^```[\s\S]*?^```$/gm, '');
}

export function codeSpans(text: string): string[] {
	return [...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The targets of links and images. */
export function linksOf(text: string): string[] {
	const prose = withoutBlocks(text).replace(/`[^`]*`/g, '');
	return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** As GitHub makes them of headings. */
export function anchorsOf(text: string): string[] {
	const headings = withoutBlocks(text).match(/^#+ .*$/gm) ?? [];
	return headings.map((heading) =>
		heading
			.replace(/^#+ /, '')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-'),
	);
}

/** The cells of the first table under a heading, without the table's head. */
export function tableUnder(heading: string, text: string): string[][] {
	const lines = text.split('\n');
	const start = lines.findIndex(
		(line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading,
	);
	if (start < 0) throw new Error(`There is no heading "${heading}"`);
	const rest = lines.slice(start + 1);
	const end = rest.findIndex((line) => /^#+ /.test(line));
	const section = end < 0 ? rest : rest.slice(0, end);
	const first = section.findIndex((line) => line.startsWith('|'));
	const behind = section.slice(first).findIndex((line) => !line.startsWith('|'));
	if (first < 0) throw new Error(`There is no table under "${heading}"`);
	return section.slice(first + 2, behind < 0 ? undefined : first + behind).map(cellsOf);
}

function cellsOf(row: string): string[] {
	return row
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim());
}
