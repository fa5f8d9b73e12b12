import { median, ratioOfRounds, short } from '../numbers';
import { judged, told, type Scenario } from '../scenario';
import { waitsOf } from '../stand/waits';
import type { WindowMeasure } from '../stand/window';

const callsOf = (rounds: WindowMeasure[]) => rounds.map(({ apiCalls, tasks }) => apiCalls / tasks);

export const apiCalls: Scenario = {
	name: 'api-calls',
	title: 'API calls per finished task',
	method:
		'Creates, Gets and Lists that the local Kling answered, divided by the tasks. Tasks take 27 to 33 s (6 to 9 s with signed callbacks, which makes no difference to who is paused); ten executions with one item each, 0.7 s apart, then one execution with ten items. Each workflow gives out nine files a task; downloads are not counted here.',
	async run(bench) {
		const { one, ten } = await waitsOf(bench);
		const calls = {
			polling: callsOf(one.polling),
			resumeUrl: callsOf(one['resume-url']),
			paused: callsOf(one['ours-paused']),
			keepPolling: callsOf(one['ours-polling']),
			pollingTen: callsOf(ten.polling),
			pausedTen: callsOf(ten['ours-paused']),
			keepPollingTen: callsOf(ten['ours-polling']),
		};
		const show = (values: number[]) => short(median(values));
		const built = (values: number[]) => `built-in, polling: ${show(values)}`;
		const signedOne = callsOf(one['ours-signed']);
		const signedTen = callsOf(ten['ours-signed']);
		return {
			lines: [
				judged(
					{
						what: 'API calls per task, 1 item, paused',
						ours: show(calls.paused),
						theirs: built(calls.polling),
						ratio: ratioOfRounds(calls.paused, calls.polling),
						inChart: true,
					},
					median(calls.paused),
					3,
				),
				judged(
					{
						what: 'API calls per task, 10 items, paused',
						ours: show(calls.pausedTen),
						theirs: built(calls.pollingTen),
						ratio: ratioOfRounds(calls.pausedTen, calls.pollingTen),
						inChart: true,
					},
					median(calls.pausedTen),
					2.5,
				),
				judged(
					{
						what: 'the same, 1 item, callbacks signed and with pictures',
						ours: show(signedOne),
						theirs: built(calls.polling),
					},
					median(signedOne),
					median(calls.paused) - 1,
					'one less',
				),
				judged(
					{
						what: 'the same, 10 items, callbacks signed and with pictures',
						ours: show(signedTen),
						theirs: built(calls.pollingTen),
					},
					median(signedTen),
					2.5,
				),
				told({
					what: 'API calls per task, 1 item, paused',
					ours: show(calls.paused),
					theirs: `built-in, resume URL: ${show(calls.resumeUrl)}`,
				}),
				told({
					what: 'API calls per task, 1 item, Keep Polling',
					ours: show(calls.keepPolling),
					theirs: built(calls.polling),
				}),
				...(bench.quick
					? []
					: [
							told({
								what: 'API calls per task, 10 items, Keep Polling',
								ours: show(calls.keepPollingTen),
								theirs: built(calls.pollingTen),
							}),
						]),
			],
			notes: [
				'A paused task with one item needs a create, one look before the pause (a callback that comes while n8n still runs the execution is lost) and one look when Kling calls. The strongest built-in form has no look before its pause, and one more after the callback for `processing`: it asks as seldom. Whether real callbacks carry the pictures nobody has seen; where they do not, a signed callback costs the same look as an unsigned one.',
			],
		};
	},
};
