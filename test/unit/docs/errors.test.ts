import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CATALOGUE } from '../../../tools/docs/errors/catalogue';
import { showEntry, type Shown } from '../../../tools/docs/errors/entry';
import { ERRORS_PAGE, renderPage } from '../../../tools/docs/errors/page';

const ROOT = resolve(__dirname, '../../..');

/** What creates an error, as it stands in the source. */
const CREATES = /\b(new (NodeOperation|User)Error|parameterError|imageError|refuse)\(/;
const DEFINES = /function (parameterError|imageError)|NodeOperationError \| NodeApiError/;
/** Not for users. */
const INTERNAL = [/'The run has ended'/];

let shown: Shown[];
beforeAll(async () => {
	const entries = CATALOGUE.flatMap((section) => section.entries);
	shown = await Promise.all(entries.map(showEntry));
});

function sourceFiles(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) return sourceFiles(path);
		return path.endsWith('.ts') ? [path] : [];
	});
}

/** `path:line` of each place that creates an error. */
function places(): string[] {
	return ['nodes', 'credentials']
		.flatMap((folder) => sourceFiles(join(ROOT, folder)))
		.flatMap((file) =>
			readFileSync(file, 'utf8')
				.split('\n')
				.flatMap((line, index) => {
					const isOther = DEFINES.test(line) || INTERNAL.some((one) => one.test(line));
					return CREATES.test(line) && !isOther ? [`${relative(ROOT, file)}:${index + 1}`] : [];
				}),
		);
}

it('docs/errors.md is what the code says (npm run docs:errors)', async () => {
	expect(readFileSync(join(ROOT, ERRORS_PAGE), 'utf8')).toBe(await renderPage());
});

it('shows every error of the source', () => {
	const stacks = shown.map(({ stack }) => stack).join('\n');
	const missing = places().filter((place) => !stacks.includes(`${place}:`));
	expect(places().length).toBeGreaterThan(50);
	expect(missing).toEqual([]);
});

it('shows each operation that can fail at Kling', () => {
	const actions = ['nodes']
		.flatMap((folder) => sourceFiles(join(ROOT, folder)))
		.flatMap((file) => [
			...readFileSync(file, 'utf8').matchAll(/action(?:: | = )['`]([a-z][a-z ]+)/g),
		])
		.map(([, action = '']) => `Kling could not ${action.trim()}`);
	const headlines = shown.map(({ headline }) => headline);
	expect(actions.length).toBeGreaterThan(5);
	expect(
		actions.filter((action) => !headlines.some((headline) => headline.startsWith(action))),
	).toEqual([]);
});

it('says each fact once', () => {
	for (const { headline, description } of shown) {
		const lines = description.split('\n').filter(Boolean);
		expect(new Set(lines).size).toBe(lines.length);
		expect(lines).not.toContain(headline);
		const ids = `${headline}\n${description}`.match(/\b\d{18}\b/g) ?? [];
		const isKlingEnvelope = /not found by id/.test(headline);
		if (!isKlingEnvelope) expect([headline, new Set(ids).size]).toEqual([headline, ids.length]);
	}
});
