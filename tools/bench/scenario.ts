import type { Bench } from './bench';

export type Verdict = 'met' | 'missed' | 'not measured' | 'for comparison';

/** A line of the table. */
export interface Line {
	what: string;
	/** Of this package, with its unit. */
	ours: string;
	/** What it is compared with, and what that one needs. */
	theirs: string;
	/** Median of the per-round ratios, where that says something. */
	ratio?: number;
	/** As issued; empty where none was. */
	target: string;
	verdict: Verdict;
	/** Shown in the chart: the share of what polling by built-in nodes needs. */
	inChart?: boolean;
}

export interface Result {
	lines: Line[];
	/** Paragraphs in Markdown: what stands behind the figures, and where a target is missed, why. */
	notes: string[];
}

/** One subject of docs/benchmarks.md. To add one: a file here, and its name in scenarios/index.ts. */
export interface Scenario {
	/** For --only. */
	name: string;
	title: string;
	/** How it is measured, a paragraph of Markdown. */
	method: string;
	run: (bench: Bench) => Promise<Result>;
}

/** A line whose target is a limit for a number. */
export function judged(
	line: Omit<Line, 'verdict' | 'target'>,
	value: number,
	limit: number,
	target = `≤ ${limit}`,
): Line {
	// A figure below nothing is lost in the machine's noise, and proves nothing.
	const isMeasured = Number.isFinite(value) && value >= 0;
	return {
		...line,
		target,
		verdict: !isMeasured ? 'not measured' : value <= limit ? 'met' : 'missed',
	};
}

/** A line that no target was set for. */
export function told(line: Omit<Line, 'verdict' | 'target'>): Line {
	return { ...line, target: '', verdict: 'for comparison' };
}

/** A B A B: each contender once a round, so that what disturbs the machine meets all. */
export async function interleaved<Name extends string, Measure>(
	bench: Bench,
	rounds: number,
	contenders: readonly Name[],
	measure: (contender: Name, round: number) => Promise<Measure>,
): Promise<Record<Name, Measure[]>> {
	const all = Object.fromEntries(
		contenders.map((contender): [string, Measure[]] => [contender, []]),
	) as Record<Name, Measure[]>;
	for (let round = 0; round < rounds; round++)
		for (const contender of contenders) {
			bench.say(`  round ${round + 1} of ${rounds}: ${contender}`);
			all[contender].push(await measure(contender, round));
		}
	return all;
}
