import type { Line } from '../scenario';
import { short } from '../numbers';

/** Bars on a logarithmic scale: what this package needs as a share of what the alternative needs. Has its own light and dark colors. */

const [WIDTH, LEFT, RIGHT, TOP, ROW, BAR] = [940, 430, 80, 70, 42, 18];
const [LEAST, MOST] = [0.01, 10];

export const CHART_TITLE = 'What this package needs, as a share of the alternative';

const STYLE = `
	text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
	.title { font-size: 15px; font-weight: 600; }
	.small { font-size: 11px; fill: #59636e; }
	.grid { stroke: #d1d9e0; }
	.even { stroke: #59636e; stroke-dasharray: 4 3; }
	.less { fill: #1a7f64; }
	.more { fill: #b35900; }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3; }
		.small { fill: #9198a1; }
		.grid { stroke: #3d444d; }
		.even { stroke: #9198a1; }
		.less { fill: #3fb58f; }
		.more { fill: #e09b4a; }
	}`;

function place(share: number): number {
	const within = Math.min(Math.max(share, LEAST), MOST);
	const part = Math.log10(within / LEAST) / Math.log10(MOST / LEAST);
	return LEFT + part * (WIDTH - LEFT - RIGHT);
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Of the lines marked for it that have a ratio. */
export function chart(lines: Line[]): string {
	const shown = lines.filter(({ inChart, ratio }) => inChart && ratio !== undefined && ratio > 0);
	const bottom = TOP + shown.length * ROW;
	const grid = [0.01, 0.1, 1, 10].map((share) => {
		const at = place(share).toFixed(1);
		return `<line class="${share === 1 ? 'even' : 'grid'}" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${bottom}"/>
	<text class="small" x="${at}" y="${bottom + 16}" text-anchor="middle">${share === 1 ? 'equal' : `× ${share}`}</text>`;
	});
	const bars = shown.map(({ what, theirs, ratio = 1 }, row) => {
		const y = TOP + row * ROW;
		const from = place(Math.min(ratio, 1));
		const to = place(Math.max(ratio, 1));
		const [other = ''] = theirs.split(':');
		return `<text x="${LEFT - 12}" y="${y + 10}" text-anchor="end">${escaped(what)}</text>
	<text class="small" x="${LEFT - 12}" y="${y + 24}" text-anchor="end">compared with ${escaped(other)}</text>
	<rect class="${ratio <= 1 ? 'less' : 'more'}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(to - from, 1).toFixed(1)}" height="${BAR}" rx="2"/>
	<text x="${WIDTH - RIGHT + 12}" y="${y + BAR - 2}">× ${short(ratio)}</text>`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 30}" viewBox="0 0 ${WIDTH} ${bottom + 30}" role="img" aria-label="${CHART_TITLE}">
	<style>${STYLE}
	</style>
	<text class="title" x="12" y="24">${CHART_TITLE}</text>
	<text class="small" x="12" y="44">Left of the dashed line is less, on a logarithmic scale.</text>
	${[...grid, ...bars].join('\n\t')}
</svg>
`;
}
