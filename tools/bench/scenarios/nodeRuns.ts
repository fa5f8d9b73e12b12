import { median, ratioOfRounds, short } from '../numbers';
import { judged, told, type Scenario } from '../scenario';
import { waitsOf } from '../stand/waits';
import type { WindowMeasure } from '../stand/window';

const runsOf = (rounds: WindowMeasure[]) => rounds.map(({ nodeRuns, tasks }) => nodeRuns / tasks);

export const nodeRuns: Scenario = {
	name: 'node-runs',
	title: 'Node runs per finished task',
	method:
		"Runs in n8n's execution data, one item an execution, from the picture's address to nine files; the two nodes that hand in the address are not counted, in any of the workflows.",
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
				judged(
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
				told({
					what: 'Node runs per task, paused, then three built-in nodes for the files',
					ours: show(runs.paused),
					theirs: `built-in, polling: ${show(runs.polling)}`,
					ratio: ratioOfRounds(runs.paused, runs.polling),
				}),
				told({
					what: 'Node runs per task, paused, then three built-in nodes for the files',
					ours: show(runs.paused),
					theirs: `built-in, resume URL: ${show(runs.resumeUrl)}`,
				}),
			],
			notes: [],
		};
	},
};
