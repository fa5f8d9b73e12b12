import { short } from '../numbers';
import type { Line } from '../scenario';

const HEADINGS = ['what', 'this package', 'compared with', 'ratio', 'target', 'verdict'];

export function cellsOf({ what, ours, theirs, ratio, target, verdict }: Line): string[] {
	return [what, ours, theirs, ratio === undefined ? '' : short(ratio), target, verdict];
}

/** For a console. */
export function table(lines: Line[]): string {
	const rows = [HEADINGS, ...lines.map(cellsOf)];
	const widths = HEADINGS.map((_heading, column) =>
		Math.max(...rows.map((row) => (row[column] ?? '').length)),
	);
	return rows
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

export function markdownTable(lines: Line[]): string {
	const rows = [HEADINGS, HEADINGS.map(() => '---'), ...lines.map(cellsOf)];
	return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
