import type { Bench } from './bench';

export type Verdict = 'met' | 'missed' | 'not measured' | 'for comparison';

/** A line of the table. */
export interface Line {
	what: string;
	/** Of this package, with its unit. */
	ours: string;
	/** What it is compared with, and what that one needs. */
	theirs: string;
	/** Median of the per-round ratios, if it is meaningful. */
	ratio?: number;
	/** Empty if there is none. */
	target: string;
	verdict: Verdict;
	/** Shown in the chart, as a share of what `theirs` needs. */
	inChart?: boolean;
}

export interface Result {
	lines: Line[];
	/** Paragraphs in Markdown: what explains the figures, and why a target is missed. */
	notes: string[];
	/** Cells of the lines that the page's first sentences quote. */
	quoted?: Quoted;
}

/** Figures with their units, as they stand in the tables. */
export interface Quoted {
	/** From the end of a task to its nine files; `polling` to the node that gets their URLs. */
	keepPolling?: { median: string; p95: string; polling: string; pollingFiles: string };
	/** From the end of a task to the next node: without downloads, and with the nine files. */
	wake?: { urls: string; files: string };
	/** Of one waiting execution. */
	waiting?: Record<'paused' | 'keepPolling', { memory: string; slots: string }>;
	/** Of one task. */
	cpu?: { keepPolling: string; paused: string; polling: string; resumeUrl: string };
	nodeRuns?: { keepPolling: string; polling: string };
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
export function withTarget(
	line: Omit<Line, 'verdict' | 'target'>,
	value: number,
	limit: number,
	target = `≤ ${limit}`,
): Line {
	// A negative figure is noise and proves nothing.
	const isMeasured = Number.isFinite(value) && value >= 0;
	return {
		...line,
		target,
		verdict: !isMeasured ? 'not measured' : value <= limit ? 'met' : 'missed',
	};
}

/** A line without a target. */
export function compared(line: Omit<Line, 'verdict' | 'target'>): Line {
	return { ...line, target: '', verdict: 'for comparison' };
}

/** A B A B: each contender once a round, so that noise on the machine affects all alike. */
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
