import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';

import { seconds } from '../../../test/support/n8n';
import type { Bench } from '../bench';
import type { Result, Scenario } from '../scenario';
import { chart, CHART_TITLE } from './chart';
import { leadOf } from './lead';
import { markdownTable } from './table';

export interface Measured {
	scenario: Scenario;
	result: Result;
}

const FOLDER = resolve(__dirname, '../../../docs');

export async function writeReport(
	bench: Bench,
	measured: Measured[],
	tookMs: number,
): Promise<void> {
	const file = resolve(FOLDER, 'benchmarks.md');
	const text = [head(bench, measured, tookMs), ...measured.map(section)].join('\n\n');
	await writeFile(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }));
	await writeFile(
		resolve(FOLDER, 'benchmarks.svg'),
		chart(measured.flatMap(({ result }) => result.lines)),
	);
}

function head({ quick, seed, n8n }: Bench, measured: Measured[], tookMs: number): string {
	const lines = measured.flatMap(({ result }) => result.lines);
	const met = lines.filter(({ verdict }) => verdict === 'met').length;
	const targets = lines.filter(({ target }) => target !== '').length;
	const machine = `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
	const day = new Date().toISOString().slice(0, 10);
	return `# Benchmarks

${leadOf(measured).join('\n\n')}

${met} of ${targets} targets are met${met < targets ? '; the notes below the tables give the reasons for the others' : ''}.

![${CHART_TITLE}](benchmarks.svg)

## How it is measured

- n8n ${n8n.version} on Node.js 24 with the packed package, SQLite and the default settings, against [the local Kling](../test/kling). That runs in its own process, so that its CPU time is not counted. No figure says anything about the speed of Kling itself.
- Machine: ${machine}. The benchmark and the local Kling share it with n8n.
- All contenders take turns, A B A B, and in each round a seed gives them tasks of the same durations. A ratio is the median of the ratios of all rounds. ${quick ? 'This quick run has one round of the long scenarios and two of the callbacks; a full run has five.' : ''}
- CPU is user and system time from \`/proc\`, of n8n and all its child processes.
- Written by \`npm run bench\`${quick ? ' with `--quick`' : ''}, seed ${seed}, on ${day}, in ${seconds(tookMs)}. Do not edit this page: run the benchmark again.

The contenders are files in [tools/bench/workflows](../tools/bench/workflows):

- **Keep Polling**: this package with its defaults. The node outputs the nine files.
- **paused**: this package with Pause Until Callback. The node outputs the nine files when the pause ends.
- **built-in, polling**: 12 built-in nodes, as people build it: JWT, HTTP Request POST, Wait 5 s, JWT, HTTP Request GET, Switch, back to Wait, then the URLs of the images, Split Out and the downloads. Batching is on.
- **built-in, resume URL**: the strongest form of it, which sends \`$execution.resumeUrl\` as the callback URL and waits with Wait, On Webhook Call. It takes one item per execution and does not verify signatures.`;
}

function section({ scenario, result }: Measured): string {
	return [
		`## ${scenario.title}`,
		scenario.method,
		markdownTable(result.lines),
		...result.notes,
	].join('\n\n');
}
