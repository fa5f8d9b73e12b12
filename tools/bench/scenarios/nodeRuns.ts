import { median, ratioOfRounds, short } from '../numbers';
import { compared, withTarget, type Scenario } from '../scenario';
import { waitsOf } from '../stand/waits';
import type { WindowMeasure } from '../stand/window';

const runsOf = (rounds: WindowMeasure[]) => rounds.map(({ nodeRuns, tasks }) => nodeRuns / tasks);

export const nodeRuns: Scenario = {
	name: 'node-runs',
	title: 'Node runs per finished task',
	method:
		"Runs in n8n's execution data with one item per execution, from the image's URL to nine files. The nodes that supply the URL, and the empty node that marks the end, are not counted in any workflow.",
	async run(bench) {
		const { one } = await waitsOf(bench);
		const runs = {
			polling: runsOf(one.polling),
			resumeUrl: runsOf(one['resume-url']),
			paused: runsOf(one['ours-paused']),
			keepPolling: runsOf(one['ours-polling']),
		};
		const show = (values: number[]) => short(median(values));
		return {
			lines: [
				withTarget(
					{
						what: 'Node runs per task, Keep Polling with Download Images',
						ours: show(runs.keepPolling),
						theirs: `built-in, polling: ${show(runs.polling)}`,
						ratio: ratioOfRounds(runs.keepPolling, runs.polling),
						inChart: true,
					},
					median(runs.keepPolling),
					1,
					'1',
				),
				compared({
					what: 'Node runs per task, Pause Until Callback with Download Images',
					ours: show(runs.paused),
					theirs: `built-in, polling: ${show(runs.polling)}`,
					ratio: ratioOfRounds(runs.paused, runs.polling),
				}),
				compared({
					what: 'Node runs per task, Pause Until Callback with Download Images',
					ours: show(runs.paused),
					theirs: `built-in, resume URL: ${show(runs.resumeUrl)}`,
					ratio: ratioOfRounds(runs.paused, runs.resumeUrl),
				}),
			],
			notes: [],
			quoted: {
				nodeRuns: { keepPolling: show(runs.keepPolling), polling: show(runs.polling) },
			},
		};
	},
};
