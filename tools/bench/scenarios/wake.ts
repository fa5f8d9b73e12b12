import { median, quantile, ratioOfRounds, short } from '../numbers';
import { compared, withTarget, type Line, type Scenario } from '../scenario';
import { waitsOf, type Contender, type Waits } from '../stand/waits';

const MEDIAN_MS = 100;
const P95_MS = 300;
const RATIO = 0.05;

type Delay = 'wakeMs' | 'filesMs';

function shown({ one }: Waits, name: Contender, share: number, delay: Delay = 'wakeMs'): string {
	const all = one[name].flatMap(({ [delay]: ms }) => ms);
	return `${short(quantile(all, share))} ms`;
}

/** Without the downloads, which is what the targets are for. */
function urlsLines(waits: Waits, name: Contender, how: string): Line[] {
	const rounds = (contender: Contender) => waits.one[contender].map(({ wakeMs }) => wakeMs);
	const all = rounds(name).flat();
	const ratio = ratioOfRounds(rounds(name).map(median), rounds('polling').map(median));
	const line = (what: string, share: number) => ({
		what: `End of task to next node, ${what}, ${how}`,
		ours: shown(waits, name, share),
		theirs: `built-in, polling: ${shown(waits, 'polling', share)}`,
	});
	const medianLine = { ...line('median', 0.5), ratio, inChart: name === 'ours-urls' };
	const ratioLine = { ...line('ratio of medians', 0.5), ratio };
	return [
		withTarget(medianLine, median(all), MEDIAN_MS, `≤ ${MEDIAN_MS} ms`),
		withTarget(line('p95', 0.95), quantile(all, 0.95), P95_MS, `≤ ${P95_MS} ms`),
		withTarget(ratioLine, ratio, RATIO, `ratio ≤ ${RATIO}`),
	];
}

/** Compared with n8n's own Wait node. */
function resumeUrlLines(waits: Waits): Line[] {
	const line = (name: Contender, how: string, delay: Delay, what: string, share: number) => ({
		what: `End of task to ${delay === 'wakeMs' ? 'next node' : 'nine files'}, ${what}, ${how}`,
		ours: shown(waits, name, share, delay),
		theirs: `built-in, resume URL: ${shown(waits, 'resume-url', share, delay)}`,
	});
	const ways = [
		['ours-urls', 'paused, URLs only', 'wakeMs'],
		['ours-paused', 'paused, nine files in one node', 'filesMs'],
		['ours-signed', 'paused, nine files in one node, signed callbacks with URLs', 'filesMs'],
	] as const;
	return ways.flatMap(([name, how, delay]) => [
		compared(line(name, how, delay, 'median', 0.5)),
		compared(line(name, how, delay, 'p95', 0.95)),
	]);
}

export const wake: Scenario = {
	name: 'wake',
	title: 'From the end of a task to the next node, paused',
	method:
		"Ten executions with one item each per round; tasks of 27 to 33 s, or of 6 to 9 s where callbacks are signed or Download Images is off. The time runs from the moment at which the local Kling ends the task to the start of the next node in n8n's execution data. “URLs only” is the pause with Download Images off. With Download Images on, its default, the nine files are downloaded before the next node starts: that row is compared with the moment at which the built-in workflow's Download node ends.",
	async run(bench) {
		const waits = await waitsOf(bench);
		const tasks = waits.one['ours-urls'].flatMap(({ wakeMs }) => wakeMs).length;
		return {
			lines: [
				...urlsLines(waits, 'ours-urls-signed', 'paused, URLs only, signed callbacks with URLs'),
				...urlsLines(waits, 'ours-urls', 'paused, URLs only'),
				...resumeUrlLines(waits),
			],
			notes: [
				`${tasks} tasks each. The targets are for the wake itself, so they are measured without the nine downloads, which otherwise come before the next node.`,
				`The next node of \`resume URL\` runs after a check of the task, as ours does: its ${shown(waits, 'resume-url', 0.5)} (p95 ${shown(waits, 'resume-url', 0.95)}) are what n8n itself needs, mostly to acquire isolates and to load the execution. If the callback is not signed or does not contain the URLs, this package also reads the credential and checks the task before it lets n8n resume the execution, and n8n acquires another isolate for that. A target that is missed without signatures is missed because of this check. n8n's Wait node skips it: it resumes on any call, from any caller, even for \`processing\`.`,
			],
			quoted: {
				wake: {
					urls: shown(waits, 'ours-urls', 0.5),
					files: shown(waits, 'ours-paused', 0.5, 'filesMs'),
				},
			},
		};
	},
};
