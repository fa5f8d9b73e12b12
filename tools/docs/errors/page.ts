import { CATALOGUE } from './catalogue';
import { showEntry, type Entry, type Section } from './entry';

export const ERRORS_PAGE = 'docs/errors.md';

const INTRODUCTION = `# Errors and hints

What the nodes and the credential say, and when. \`npm run docs:errors\` writes this page from the code, and a test compares them.

The headline says what is wrong. The lines below say what to do, what was charged, and Kling's code, HTTP status and request ID. n8n adds the item. With **On Error → Continue** the item has the headline in \`error\` and the other lines in \`details\`. An AI agent gets both as one text. In the error of an execution the lines end with \`<br>\`, since n8n's editor reads them as HTML.`;

/** docs/errors.md, as it is to be. */
export async function renderPage(): Promise<string> {
	const sections = await Promise.all(CATALOGUE.map(renderSection));
	return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

async function renderSection({ heading, about, isTable, entries }: Section): Promise<string> {
	const parts = isTable
		? [await renderTable(entries)]
		: await Promise.all(entries.map(renderEntry));
	return [`## ${heading}`, ...(about === undefined ? [] : [about]), ...parts].join('\n\n');
}

async function renderEntry(entry: Entry): Promise<string> {
	const { headline, description } = await showEntry(entry);
	return `${entry.when}\n\n${code([headline, ...description.split('\n')].filter(Boolean))}`;
}

function code([headline = '', ...lines]: string[]): string {
	return ['```text', headline, ...lines.map((line) => `  ${line}`), '```'].join('\n');
}

async function renderTable(entries: Entry[]): Promise<string> {
	const shown = await Promise.all(entries.map(showEntry));
	const rows = shown.map(({ headline, description }, index) => [
		entries[index]?.when ?? '',
		headline,
		description.replaceAll('\n', '<br>'),
	]);
	const hasMore = shown.some(({ description }) => description !== '');
	const table = [hasMore ? ['when', 'headline', 'below it'] : ['when', 'text', ''], ...rows];
	return alignedTable(hasMore ? table : table.map((row) => row.slice(0, 2)));
}

/** As Prettier wants tables. */
function alignedTable([head = [], ...rows]: string[][]): string {
	const widths = head.map((_cell, column) =>
		Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
	);
	const line = (cells: string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = line(widths.map((width) => '-'.repeat(width)));
	return [line(head), rule, ...rows.map(line)].join('\n');
}
