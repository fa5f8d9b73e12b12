import { median, ratioOfRounds, short } from '../numbers';
import { compared, withTarget, type Line, type Scenario } from '../scenario';
import { waitsOf, type Waits } from '../stand/waits';
import type { WindowMeasure } from '../stand/window';

const callsOf = (rounds: WindowMeasure[]) => rounds.map(({ apiCalls, tasks }) => apiCalls / tasks);
const shown = (rounds: WindowMeasure[]) => short(median(callsOf(rounds)));

function line(what: string, ours: WindowMeasure[], name: string, theirs: WindowMeasure[]) {
	return {
		what: `API calls per task, ${what}`,
		ours: shown(ours),
		theirs: `built-in, ${name}: ${shown(theirs)}`,
		ratio: ratioOfRounds(callsOf(ours), callsOf(theirs)),
	};
}

function linesOf({ one, ten }: Waits): Line[] {
	const calls = (rounds: WindowMeasure[]) => median(callsOf(rounds));
	const polling = (what: string, ours: WindowMeasure[], theirs = one.polling) =>
		line(what, ours, 'polling', theirs);
	const signed = 'paused, signed callbacks with URLs';
	return [
		withTarget(
			{ ...polling('1 item, paused', one['ours-paused']), inChart: true },
			calls(one['ours-paused']),
			3,
		),
		withTarget(
			{ ...polling('10 items, paused', ten['ours-paused'], ten.polling), inChart: true },
			calls(ten['ours-paused']),
			2.5,
		),
		withTarget(
			polling(`1 item, ${signed}`, one['ours-signed']),
			calls(one['ours-signed']),
			calls(one['ours-paused']) - 1,
			'one less',
		),
		withTarget(
			polling(`10 items, ${signed}`, ten['ours-signed'], ten.polling),
			calls(ten['ours-signed']),
			2.5,
		),
		compared(line('1 item, paused', one['ours-paused'], 'resume URL', one['resume-url'])),
		compared(polling('1 item, Keep Polling', one['ours-polling'])),
		...(ten['ours-polling'].length > 0
			? [compared(polling('10 items, Keep Polling', ten['ours-polling'], ten.polling))]
			: []),
	];
}

export const apiCalls: Scenario = {
	name: 'api-calls',
	title: 'API calls per finished task',
	method:
		'Creates, Gets and Lists that the local Kling answered, divided by the tasks. Tasks take 27 to 33 s (6 to 9 s with signed callbacks: the duration makes no difference to a pause). Each round has ten executions with one item, 0.7 s apart, then one execution with ten items. Each workflow outputs nine files per task; downloads are not counted here.',
	async run(bench) {
		return {
			lines: linesOf(await waitsOf(bench)),
			notes: [
				'A paused task with one item needs a create, one check before the pause (a callback that arrives while n8n still runs the execution is lost) and one check when Kling calls. The strongest built-in workflow does not check before its pause, but checks once more after the callback for `processing`, so it needs as many calls. Whether real callbacks contain the URLs of the images has not been observed yet; if they do not, a signed callback needs the same check as an unsigned one.',
			],
		};
	},
};
