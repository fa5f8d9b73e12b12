import { median, quantile, short } from '../numbers';
import { compared, withTarget, type Line, type Quoted, type Scenario } from '../scenario';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { measureWindow, type WindowMeasure } from '../stand/window';
import { withNextNode } from '../stand/workflowFile';

const MEDIAN_MS = 1_200;
const P95_MS = 3_000;
const DURATION_MS = [20_000, 60_000] as const;
/** Not a multiple of a check's interval, so that the ends fall anywhere between two checks. */
const RUNS = { executions: 40, items: 1, apartMs: 1_130 };

const CONTENDERS = {
	'ours-polling': 'Keep Polling, the default',
	'ours-paused': 'Pause Until Callback',
	polling: 'built-in, polling every 5 s',
	'resume-url': 'built-in, resume URL',
};
type Contender = keyof typeof CONTENDERS;

export const latency: Scenario = {
	name: 'latency',
	title: 'From the end of a task of 20 to 60 s to the next node',
	method: `${RUNS.executions} executions with one item each, tasks of 20 to 60 s, the same for all. The time runs from the moment at which the local Kling ends the task to the start of the next node in n8n's execution data. This package's node downloads the nine files first. The built-in workflows download them in later nodes, so that the time to the nine files is given as well.`,
	async run(bench) {
		const stand = await openStand(bench);
		try {
			const measured = {} as Record<Contender, WindowMeasure>;
			for (const [name, what] of Object.entries(CONTENDERS) as Array<[Contender, string]>) {
				bench.say(`  ${what}`);
				measured[name] = await measure(stand, await listen(stand, name), bench.seed);
			}
			return {
				lines: linesOf(measured),
				notes: [
					'The delay of Keep Polling is, on average, half the interval between two checks, plus the check and the nine downloads. A pause has no interval, but n8n has to load the execution again.',
				],
				quoted: quoted(measured),
			};
		} finally {
			await stand.close();
		}
	},
};

async function listen(stand: Stand, name: Contender): Promise<Listening> {
	return await stand.listen(name, name.startsWith('ours-') ? { edit: withNextNode } : {});
}

async function measure(stand: Stand, listening: Listening, seed: number): Promise<WindowMeasure> {
	await stand.openKling({ durationMs: [1_500, 2_000] });
	// Loads and compiles code that the measured runs reuse.
	await measureWindow(stand, listening, 0, { executions: 2, items: 1, apartMs: 0 });
	await stand.openKling({ seed, durationMs: DURATION_MS });
	return await measureWindow(stand, listening, 0, RUNS);
}

type Delay = 'wakeMs' | 'filesMs';

function seconds(measure: WindowMeasure, delay: Delay, share: number): string {
	return `${short(quantile(measure[delay], share) / 1000)} s`;
}

function linesOf(measured: Record<Contender, WindowMeasure>): Line[] {
	const ours = measured['ours-polling'];
	const line = (what: string, share: number, name: Contender, delay: Delay = 'wakeMs') => ({
		what: `End of task to ${delay === 'wakeMs' ? 'next node' : 'nine files'}, ${what}, ${name === 'ours-polling' ? 'Keep Polling' : 'Pause Until Callback'}`,
		ours: seconds(measured[name], delay, share),
		theirs: (['polling', 'resume-url'] as const)
			.map((other) => `${CONTENDERS[other]}: ${seconds(measured[other], delay, share)}`)
			.join(', '),
	});
	const calls = (name: Contender) => short(measured[name].apiCalls / measured[name].tasks);
	return [
		withTarget(line('median', 0.5, 'ours-polling'), median(ours.wakeMs), MEDIAN_MS, '≤ 1.2 s'),
		withTarget(line('p95', 0.95, 'ours-polling'), quantile(ours.wakeMs, 0.95), P95_MS, '≤ 3 s'),
		compared(line('median', 0.5, 'ours-polling', 'filesMs')),
		compared(line('p95', 0.95, 'ours-polling', 'filesMs')),
		compared(line('median', 0.5, 'ours-paused', 'filesMs')),
		compared(line('p95', 0.95, 'ours-paused', 'filesMs')),
		compared({
			what: 'API calls per task, Keep Polling',
			ours: calls('ours-polling'),
			theirs: `built-in, polling: ${calls('polling')}`,
		}),
	];
}

function quoted(measured: Record<Contender, WindowMeasure>): Quoted {
	return {
		keepPolling: {
			median: seconds(measured['ours-polling'], 'filesMs', 0.5),
			p95: seconds(measured['ours-polling'], 'filesMs', 0.95),
			polling: seconds(measured.polling, 'wakeMs', 0.5),
			pollingFiles: seconds(measured.polling, 'filesMs', 0.5),
		},
	};
}
