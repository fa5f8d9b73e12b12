import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CURRENT_N8N } from '../../test/support/n8n/install';

interface Badge {
	label: string;
	value: string;
	colour: string;
}

interface Manifest {
	license: string;
	engines: { node: string };
	dependencies?: Record<string, string>;
}

const HEIGHT = 20;
const GAP = 6;
const PADDING = 7;
/** Of a letter, on average; `textLength` makes it exact in every font. */
const LETTER = 6.4;
const GREEN = '#2e7d32';
const BLUE = '#1565c0';

const PACKAGE_FOLDER = join(__dirname, '../..');
export const BADGES = join(PACKAGE_FOLDER, 'docs/images/badges.svg');

/** The badges of the README, as one SVG: what package.json and the tests say of this version. */
export function renderBadges(): string {
	const { license, engines, dependencies = {} } = JSON.parse(read('package.json')) as Manifest;
	const [, old = ''] =
		/E2E_N8N_VERSION \|\|= '(\d+\.\d+)/.exec(read('test/e2e/old.jest.config.js')) ?? [];
	const current = CURRENT_N8N.replace(/\.\d+$/, '');
	return svgOf([
		{ label: 'license', value: license, colour: GREEN },
		{ label: 'dependencies', value: String(Object.keys(dependencies).length), colour: GREEN },
		{ label: 'tested on n8n', value: `${old} and ${current}`, colour: BLUE },
		{ label: 'Node.js', value: engines.node.replace('>=', '≥ '), colour: BLUE },
	]);
}

function read(path: string): string {
	return readFileSync(join(PACKAGE_FOLDER, path), 'utf8');
}

function svgOf(badges: Badge[]): string {
	let left = 0;
	const groups = badges.map((badge) => {
		const { svg, width } = groupOf(badge, left);
		left += width + GAP;
		return svg;
	});
	const title = badges.map(({ label, value }) => `${label}: ${value}`).join(', ');
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${left - GAP}" height="${HEIGHT}" role="img" aria-label="${title}">`,
		`<title>${title}</title>`,
		'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
		...groups,
		'</g>',
		'</svg>',
		'',
	].join('\n');
}

function groupOf({ label, value, colour }: Badge, left: number): { svg: string; width: number } {
	const [labelWidth, valueWidth] = [widthOf(label), widthOf(value)];
	const width = labelWidth + valueWidth;
	const clip = `badge${left}`;
	const svg = [
		`<clipPath id="${clip}"><rect x="${left}" width="${width}" height="${HEIGHT}" rx="3"/></clipPath>`,
		`<g clip-path="url(#${clip})">`,
		`<rect x="${left}" width="${labelWidth}" height="${HEIGHT}" fill="#555"/>`,
		`<rect x="${left + labelWidth}" width="${valueWidth}" height="${HEIGHT}" fill="${colour}"/>`,
		'</g>',
		textOf(label, left + PADDING),
		textOf(value, left + labelWidth + PADDING),
	].join('\n');
	return { svg, width };
}

function textOf(text: string, x: number): string {
	const length = widthOf(text) - 2 * PADDING;
	return `<text x="${x}" y="14" textLength="${length}">${text}</text>`;
}

function widthOf(text: string): number {
	return Math.round(text.length * LETTER) + 2 * PADDING;
}
