import { median, quantile, ratioOfRounds, short } from '../numbers';
import { judged, told, type Scenario } from '../scenario';
import { waitsOf, type Contender } from '../stand/waits';

const MEDIAN_MS = 100;
const P95_MS = 300;
const RATIO = 0.05;

export const wake: Scenario = {
	name: 'wake',
	title: 'From the end of a task to the next node',
	method:
		"The same runs with one item an execution: from the moment at which the local Kling ended the task to the start of the node behind it in n8n's execution data.",
	async run(bench) {
		const { one } = await waitsOf(bench);
		const rounds = (name: Contender) => one[name].map(({ wakeMs }) => wakeMs);
		const all = (name: Contender) => rounds(name).flat();
		const shown = (name: Contender, share: number) => `${short(quantile(all(name), share))} ms`;
		const ratio = ratioOfRounds(rounds('ours-paused').map(median), rounds('polling').map(median));
		return {
			lines: [
				judged(
					{
						what: 'End of task to next node, median, paused',
						ours: shown('ours-paused', 0.5),
						theirs: `built-in, polling: ${shown('polling', 0.5)}`,
						ratio,
						inChart: true,
					},
					median(all('ours-paused')),
					MEDIAN_MS,
					`≤ ${MEDIAN_MS} ms`,
				),
				judged(
					{
						what: 'End of task to next node, p95, paused',
						ours: shown('ours-paused', 0.95),
						theirs: `built-in, polling: ${shown('polling', 0.95)}`,
					},
					quantile(all('ours-paused'), 0.95),
					P95_MS,
					`≤ ${P95_MS} ms`,
				),
				judged(
					{
						what: 'End of task to next node, ratio of medians',
						ours: shown('ours-paused', 0.5),
						theirs: `built-in, polling: ${shown('polling', 0.5)}`,
						ratio,
					},
					ratio,
					RATIO,
					`ratio ≤ ${RATIO}`,
				),
				told({
					what: 'End of task to next node, median, paused',
					ours: shown('ours-paused', 0.5),
					theirs: `built-in, resume URL: ${shown('resume-url', 0.5)}`,
				}),
				told({
					what: 'End of task to next node, p95, paused',
					ours: shown('ours-paused', 0.95),
					theirs: `built-in, resume URL: ${shown('resume-url', 0.95)}`,
				}),
			],
			notes: [
				`${all('ours-paused').length} tasks each. The next node of \`resume URL\` runs after its own look at the task, as ours does: its ${shown('resume-url', 0.5)} are what n8n's own means need for the same, mostly for isolates and for loading the execution again. What ours takes beyond it is its look, and the check of the callback, before it lets n8n wake the execution: n8n's Wait wakes for any call, from whomever, also for \`processing\`.`,
			],
		};
	},
};
