import type { Workflow } from '../../../test/support/n8n';
import { median, quantile, short } from '../numbers';
import { judged, told, type Line, type Scenario } from '../scenario';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { measureWindow, type WindowMeasure } from '../stand/window';

const MEDIAN_MS = 1_200;
const P95_MS = 3_000;
const DURATION_MS = [20_000, 60_000] as const;
/** Apart by no part of a check's interval, so that the ends fall everywhere between two checks. */
const RUNS = { executions: 40, items: 1, apartMs: 1_130 };

const CONTENDERS = {
	'ours-polling': 'Keep Polling, the default, with its nine files',
	'ours-paused': 'Pause Until Callback',
	polling: 'built-in, polling each 5 s',
	'resume-url': 'built-in, resume URL',
};
type Contender = keyof typeof CONTENDERS;

export const latency: Scenario = {
	name: 'latency',
	title: 'From the end of a task of 20 to 60 s to the next node',
	method: `${RUNS.executions} executions with one item each, tasks of 20 to 60 s, the same for all: from the moment at which the local Kling ended the task to the start of the next node in n8n's execution data. With Keep Polling the nine files are downloaded before that.`,
	async run(bench) {
		const stand = await openStand(bench);
		try {
			const measured = {} as Record<Contender, WindowMeasure>;
			for (const [name, what] of Object.entries(CONTENDERS) as Array<[Contender, string]>) {
				bench.say(`  ${what}`);
				measured[name] = await measure(stand, await listen(stand, name), bench.seed);
			}
			return { lines: linesOf(measured), notes: [] };
		} finally {
			await stand.close();
		}
	},
};

async function listen(stand: Stand, name: Contender): Promise<Listening> {
	return await stand.listen(name, name === 'ours-polling' ? { edit: withNextNode } : {});
}

/** The node outputs the files itself: nothing needs to follow it. */
function withNextNode(workflow: Workflow): Workflow {
	const next = {
		id: '0e000000-0000-4000-8000-000000000001',
		name: 'Addresses',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	return {
		...workflow,
		nodes: [...workflow.nodes, next],
		connections: {
			...workflow.connections,
			Kling: { main: [[{ node: next.name, type: 'main', index: 0 }]] },
		},
	};
}

async function measure(stand: Stand, listening: Listening, seed: number): Promise<WindowMeasure> {
	await stand.openKling({ durationMs: [1_500, 2_000] });
	// Loads and compiles what later runs have.
	await measureWindow(stand, listening, 0, { executions: 2, items: 1, apartMs: 0 });
	await stand.openKling({ seed, durationMs: DURATION_MS });
	return await measureWindow(stand, listening, 0, RUNS);
}

function linesOf(measured: Record<Contender, WindowMeasure>): Line[] {
	const ours = measured['ours-polling'];
	const seconds = (name: Contender, share: number) =>
		`${short(quantile(measured[name].wakeMs, share) / 1000)} s`;
	const others = (share: number) =>
		(['polling', 'resume-url'] as const)
			.map((name) => `${CONTENDERS[name]}: ${seconds(name, share)}`)
			.join(', ');
	const line = (what: string, share: number) => ({
		what: `End of task to next node, ${what}, Keep Polling`,
		ours: seconds('ours-polling', share),
		theirs: others(share),
	});
	const paused = (what: string, share: number) =>
		told({
			what: `End of task to next node, ${what}, Pause Until Callback`,
			ours: seconds('ours-paused', share),
			theirs: others(share),
		});
	const calls = (name: Contender) => short(measured[name].apiCalls / measured[name].tasks);
	return [
		judged(line('median', 0.5), median(ours.wakeMs), MEDIAN_MS, '≤ 1.2 s'),
		judged(line('p95', 0.95), quantile(ours.wakeMs, 0.95), P95_MS, '≤ 3 s'),
		paused('median', 0.5),
		paused('p95', 0.95),
		told({
			what: 'API calls per task, Keep Polling',
			ours: calls('ours-polling'),
			theirs: `built-in, polling: ${calls('polling')}`,
		}),
	];
}
