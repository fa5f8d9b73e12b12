import { median, quantile, ratioOfRounds, short } from '../numbers';
import { judged, told, type Line, type Scenario } from '../scenario';
import { waitsOf, type Contender } from '../stand/waits';

const MEDIAN_MS = 100;
const P95_MS = 300;
const RATIO = 0.05;

export const wake: Scenario = {
	name: 'wake',
	title: 'From the end of a task to the next node',
	method:
		"The same runs with one item an execution, tasks with signed callbacks again of 6 to 9 s: from the moment at which the local Kling ended the task to the start of the node behind it in n8n's execution data.",
	async run(bench) {
		const { one } = await waitsOf(bench);
		const rounds = (name: Contender) => one[name].map(({ wakeMs }) => wakeMs);
		const all = (name: Contender) => rounds(name).flat();
		const shown = (name: Contender, share: number) => `${short(quantile(all(name), share))} ms`;
		const linesOf = (name: Contender, how: string): Line[] => {
			const ratio = ratioOfRounds(rounds(name).map(median), rounds('polling').map(median));
			const line = (what: string, share: number) => ({
				what: `End of task to next node, ${what}, ${how}`,
				ours: shown(name, share),
				theirs: `built-in, polling: ${shown('polling', share)}`,
			});
			const medianLine = { ...line('median', 0.5), ratio, inChart: name === 'ours-paused' };
			const ratioLine = { ...line('ratio of medians', 0.5), ratio };
			return [
				judged(medianLine, median(all(name)), MEDIAN_MS, `≤ ${MEDIAN_MS} ms`),
				judged(line('p95', 0.95), quantile(all(name), 0.95), P95_MS, `≤ ${P95_MS} ms`),
				judged(ratioLine, ratio, RATIO, `ratio ≤ ${RATIO}`),
			];
		};
		return {
			lines: [
				...linesOf('ours-signed', 'paused, callbacks signed and with pictures'),
				...linesOf('ours-paused', 'paused'),
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
				`${all('ours-paused').length} tasks each. The next node of \`resume URL\` runs after its own look at the task, as ours does: its ${shown('resume-url', 0.5)} are what n8n's own means need for the same, mostly for isolates and for loading the execution again. What ours takes beyond it, where the callback is not signed or carries no pictures, is its look before it lets n8n wake the execution, and the reading of the credential for it, for which n8n acquires an isolate that mostly is not ready yet: n8n's Wait wakes for any call, from whomever, also for \`processing\`.`,
			],
		};
	},
};
