import { median, ratioOfRounds, short } from '../numbers';
import { judged, told, type Line, type Scenario } from '../scenario';
import { waitsOf, type Waits } from '../stand/waits';
import type { WindowMeasure } from '../stand/window';

const LIMIT = 0.25;

const cpuOf = (rounds: WindowMeasure[]) => rounds.map(({ cpuMs, tasks }) => cpuMs / tasks);

function line(what: string, ours: WindowMeasure[], name: string, theirs: WindowMeasure[]) {
	return {
		what,
		ours: `${short(median(cpuOf(ours)))} ms`,
		theirs: `${name}: ${short(median(cpuOf(theirs)))} ms`,
		ratio: ratioOfRounds(cpuOf(ours), cpuOf(theirs)),
	};
}

/** Against what people build, which is what the target is about. */
function linesOf({ one, ten }: Waits): Line[] {
	const paused = line(
		'CPU per task, 1 item, paused',
		one['ours-paused'],
		'built-in, polling',
		one.polling,
	);
	const pausedTen = line(
		'CPU per task, 10 items, paused',
		ten['ours-paused'],
		'built-in, polling',
		ten.polling,
	);
	return [
		judged({ ...paused, inChart: true }, paused.ratio, LIMIT),
		judged({ ...pausedTen, inChart: true }, pausedTen.ratio, LIMIT),
		told({
			...line(
				'CPU per task, 1 item, Keep Polling',
				one['ours-polling'],
				'built-in, polling',
				one.polling,
			),
			inChart: true,
		}),
		told({
			...line(
				'CPU per task, 10 items, Keep Polling',
				ten['ours-polling'],
				'built-in, polling',
				ten.polling,
			),
			inChart: true,
		}),
		told(
			line(
				'CPU per task, 1 item, paused',
				one['ours-paused'],
				'built-in, resume URL',
				one['resume-url'],
			),
		),
	];
}

export const cpu: Scenario = {
	name: 'cpu',
	title: 'CPU per finished task',
	method:
		'The same runs: user and system time of all processes of n8n, less what it uses while idle for as long, divided by the tasks. It includes starting the execution by its webhook and fetching the nine files, in all workflows.',
	async run(bench) {
		const waits = await waitsOf(bench);
		return {
			lines: linesOf(waits),
			notes: [`An idle n8n used ${short(waits.idleShare * 100)} % of a core here.`],
		};
	},
};
