import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { activeWebhook, callbacksOf, percentile, sendEvenly } from '../../test/e2e/loading';
import { startOwnN8n } from '../../test/e2e/ownN8n';
import { tell } from '../../test/e2e/shared';
import type { Stage } from '../../test/e2e/stage';
import { activeTrigger } from '../../test/e2e/triggerStage';
import { CURRENT_N8N, ownerOf, packNodes } from '../../test/support/n8n';

/**
 * The highest rate of callbacks that n8n handles without falling behind: this package's trigger, compared with n8n's own Webhook node.
 * `-- default` or `-- legacy` measures only that expression engine.
 */

const PROBE_S = 10;
/** A slower answer means that n8n has fallen behind. */
const LATE_MS = 2_000;
const STEP = 1.2;
const ENGINES: Array<[name: string, environment: Record<string, string>, from: number]> = [
	['default expression engine', {}, 4],
	['N8N_EXPRESSION_ENGINE=legacy', { N8N_EXPRESSION_ENGINE: 'legacy' }, 16],
];

interface Probe {
	perSecond: number;
	p99: number;
	kept: boolean;
}

async function probe({ kling }: Stage, url: string, perSecond: number): Promise<Probe> {
	const { statuses, ms } = await sendEvenly(
		url,
		callbacksOf(kling, Math.round(perSecond * PROBE_S)),
		perSecond,
	);
	const p99 = percentile(ms, 0.99);
	const kept = p99 < LATE_MS && statuses.every((status) => status === 200);
	return { perSecond, p99, kept };
}

async function highest(stage: Stage, url: string, from: number): Promise<string> {
	// The first callbacks load code.
	await probe(stage, url, 2);
	let best: Probe | undefined;
	for (let perSecond = from; ; perSecond *= STEP) {
		const found = await probe(stage, url, perSecond);
		if (!found.kept) break;
		best = found;
	}
	if (best === undefined) return `less than ${from} a second`;
	return `${best.perSecond.toFixed(1)} a second, 99th percentile ${best.p99} ms`;
}

async function main(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-bench-'));
	const owner = await ownerOf(folder);
	const tarball = await packNodes(folder);
	tell({ baseUrl: '', version: CURRENT_N8N, owner, tarball, logFile: '' });
	const [word = ''] = process.argv.slice(2);
	for (const [engine, environment, from] of ENGINES.filter(([name]) => name.includes(word))) {
		const { stage, close } = await startOwnN8n(environment);
		try {
			const trigger = await activeTrigger(stage);
			const webhook = await activeWebhook(stage, 'built-in');
			for (const [name, { url }] of Object.entries({ trigger, webhook }))
				console.log(`${engine}, ${name}: ${await highest(stage, url, from)}`);
		} finally {
			await close();
		}
	}
	await rm(folder, { recursive: true, force: true });
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
