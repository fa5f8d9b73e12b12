import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';

import { seconds } from '../../../test/support/n8n';
import type { Bench } from '../bench';
import type { Result, Scenario } from '../scenario';
import { chart } from './chart';
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
	const aimed = lines.filter(({ verdict }) => verdict !== 'for comparison').length;
	const machine = `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
	const day = new Date().toISOString().slice(0, 10);
	return `# Benchmarks

Written by \`npm run bench\`${quick ? ' with `--quick`' : ''}, seed ${seed}, on ${day}, in ${seconds(tookMs)}. Do not edit: run it again.

${met} of ${aimed} targets are met${met < aimed ? '; why the others are not is said below their tables' : ''}.

![What this package needs, as a share of the other way](benchmarks.svg)

## How it is measured

- n8n ${n8n.version} on Node.js 24 with the packed package, SQLite and the default settings, against [the local Kling](../test/kling), which runs in a process of its own so that its work counts for nobody. No figure is Kling's own: its real speed is not known here.
- Machine: ${machine}. The runner and the local Kling share it with n8n.
- All contenders take turns, A B A B, and a seed gives each round's tasks the same durations for all. A ratio is the median of the rounds' own ratios. ${quick ? 'This quick run has one round of the long scenarios, two of the callbacks; a full run has five.' : ''}
- CPU is user and system time from \`/proc\`, of n8n and all that it starts.

Compared are, as files in [tools/bench/workflows](../tools/bench/workflows):

- **built-in, polling**: the 12 nodes that people build with n8n's own: JWT, HTTP Request POST, Wait 5 s, JWT, HTTP Request GET, Switch, back to Wait, then the addresses, Split Out and the downloads. Batching is on.
- **built-in, resume URL**: its strongest form, which gives \`$execution.resumeUrl\` as callback and waits with Wait, On Webhook Call. It takes one item an execution, and knows nothing of signatures.
- **paused**: this package with Pause Until Callback, and built-in nodes for the downloads.
- **Keep Polling**: this package with its default and Download Images.`;
}

function section({ scenario, result }: Measured): string {
	return [
		`## ${scenario.title}`,
		scenario.method,
		markdownTable(result.lines),
		...result.notes,
	].join('\n\n');
}
