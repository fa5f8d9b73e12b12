import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import packageJson from '../../../package.json';
import { KlingApi } from '../../../credentials/KlingApi.credentials';
import { KlingAiMultiShot } from '../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node';
import { KlingAiMultiShotTrigger } from '../../../nodes/KlingAiMultiShot/KlingAiMultiShotTrigger.node';
import { KlingElement } from '../../../nodes/KlingElement/KlingElement.node';
import { PACKAGE_FOLDER } from './pack';

/**
 * Rules that n8n's verification linter is going to have. Source: pull requests of n8n's eslint-plugin-community-nodes
 * (no-ai-codex-category, no-codex-subcategories) and its announced warnings. Once the linter has them, this file goes.
 */

const MAX_HINT = 120;
/** WCAG's minimum for graphics. */
const MIN_CONTRAST = 3;
/** n8n's canvas nodes in the light and the dark theme. */
const BACKGROUNDS = { light: '#ffffff', dark: '#414244' };
/** Optional fields that stay at the top: the node's main choices, which decide what the others mean. */
const MAIN_CHOICES = [
	'waitForCompletion',
	'waitMode',
	'downloadImages',
	'output',
	'returnAll',
	'limit',
	'tags',
];

interface Codex {
	categories: string[];
	subcategories?: unknown;
}

interface NodeFile {
	file: string;
	description: INodeTypeDescription;
	codex: Codex;
}

const DESCRIPTIONS = [KlingAiMultiShot, KlingAiMultiShotTrigger, KlingElement].map(
	(NodeClass) => new NodeClass().description,
);

const NODES = packageJson.n8n.nodes.map((path): NodeFile => {
	const file = path.replace(/^dist\//, '').replace(/\.js$/, '.json');
	const name = basename(file, '.node.json');
	const description = DESCRIPTIONS.find((one) => one.name.toLowerCase() === name.toLowerCase());
	if (!description) throw new Error(`No description of ${name}`);
	const codex = JSON.parse(readFileSync(join(PACKAGE_FOLDER, file), 'utf8')) as Codex;
	return { file, description, codex };
});

const codexProblems = ({ categories, subcategories }: Codex): string[] => [
	...(categories.includes('AI') ? ['no-ai-codex-category'] : []),
	...(subcategories === undefined ? [] : ['no-codex-subcategories']),
];

function allFields(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => {
		const nested = (field.options ?? []).filter((one): one is INodeProperties => 'type' in one);
		return [field, ...(field.modes ?? []).map((mode) => ({ ...field, ...mode })), ...nested];
	}) as INodeProperties[];
}

const longHints = (fields: INodeProperties[]): string[] =>
	allFields(fields)
		.filter(({ hint = '' }) => hint.length > MAX_HINT)
		.map(({ name, hint }) => `${name}: ${hint?.length}`);

/** Highest contrast of the icon's colours with what lies under it. */
function contrastOf(svg: string, background: string): number {
	const colours = svg.match(/#[0-9a-f]{6}\b/gi) ?? [];
	const ground = luminance(background);
	return Math.max(
		...colours.map((colour) => {
			const [low = 0, high = 0] = [ground, luminance(colour)].sort((a, b) => a - b);
			return (high + 0.05) / (low + 0.05);
		}),
	);
}

function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
		const value = parseInt(colour.slice(at, at + 2), 16) / 255;
		return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function iconsOf(icon: unknown, folder: string): Array<{ theme: 'light' | 'dark'; svg: string }> {
	const { light, dark } = icon as Record<'light' | 'dark', string>;
	const read = (name: string) =>
		readFileSync(join(PACKAGE_FOLDER, folder, name.replace('file:', '')), 'utf8');
	return [
		{ theme: 'light', svg: read(light) },
		{ theme: 'dark', svg: read(dark) },
	];
}

describe.each(NODES)('$file', ({ file, description, codex }) => {
	it('has no category AI and no subcategories', () => {
		expect(codexProblems(codex)).toEqual([]);
		expect(description.codex).toBeUndefined();
	});

	it('keeps hints short', () => {
		expect(longHints(description.properties)).toEqual([]);
	});

	it('keeps optional fields in collections, but for its main choices', () => {
		const optional = description.properties.filter(
			({ type, required, name, options, default: value }) =>
				!['notice', 'hidden', 'collection', 'resourceLocator'].includes(type) &&
				!required &&
				!MAIN_CHOICES.includes(name) &&
				// A menu that decides which other fields there are, or a field that the menu shows.
				!(type === 'options' && options?.length) &&
				value !== '',
		);
		expect(optional.map(({ name }) => name)).toEqual([]);
	});

	it('has icons that stand out in both themes', () => {
		for (const { theme, svg } of iconsOf(description.icon, dirname(file)))
			expect(contrastOf(svg, BACKGROUNDS[theme])).toBeGreaterThanOrEqual(MIN_CONTRAST);
	});
});

it('the credential has icons that stand out in both themes', () => {
	for (const { theme, svg } of iconsOf(new KlingApi().icon, 'credentials'))
		expect(contrastOf(svg, BACKGROUNDS[theme])).toBeGreaterThanOrEqual(MIN_CONTRAST);
});

describe('the coming rules', () => {
	it('find a category, subcategories, a long hint and a pale icon', () => {
		expect(codexProblems({ categories: ['AI'], subcategories: {} })).toEqual([
			'no-ai-codex-category',
			'no-codex-subcategories',
		]);
		const mode = {
			name: 'id',
			displayName: 'By ID',
			type: 'string',
			hint: 'h'.repeat(121),
		} as const;
		const field: INodeProperties = {
			displayName: 'Task',
			name: 'task',
			type: 'resourceLocator',
			default: '',
			modes: [mode],
		};
		expect(longHints([field])).toEqual(['id: 121']);
		expect(contrastOf('<path fill="#eeeeee"/>', '#ffffff')).toBeLessThan(MIN_CONTRAST);
	});
});
