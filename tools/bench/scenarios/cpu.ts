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
	const signed = line(
		'CPU per task, 1 item, paused, callbacks signed and with pictures',
		one['ours-signed'],
		'built-in, polling',
		one.polling,
	);
	const signedTen = line(
		'CPU per task, 10 items, paused, callbacks signed and with pictures',
		ten['ours-signed'],
		'built-in, polling',
		ten.polling,
	);
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
		judged(signed, signed.ratio, LIMIT),
		judged(signedTen, signedTen.ratio, LIMIT),
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
		...(ten['ours-polling'].length > 0
			? [
					told({
						...line(
							'CPU per task, 10 items, Keep Polling',
							ten['ours-polling'],
							'built-in, polling',
							ten.polling,
						),
						inChart: true,
					}),
				]
			: []),
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
		'The same runs, tasks with signed callbacks again of 6 to 9 s: user and system time of all processes of n8n, less what it uses while idle for as long, divided by the tasks. It includes starting the execution by its webhook and fetching the nine files, in all workflows.',
	async run(bench) {
		const waits = await waitsOf(bench);
		return {
			lines: linesOf(waits),
			notes: [
				`An idle n8n used ${short(waits.idleShare * 100)} % of a core here. An execution that its webhook starts and that does nothing costs n8n ${short(waits.startMs)} ms: that alone is ${short(waits.startMs / median(cpuOf(waits.one.polling)))} of what polling takes with one item.`,
				"n8n prepares an expression isolate for each request that it takes from outside, and that is most of what a paused task costs: one start and two callbacks (`processing` and the end), where polling has the start alone. So with n8n's default engine a pause does not earn a quarter of what polling costs for a task of half a minute, and with ten items, two callbacks each, the isolates alone take about what polling takes in all: use Keep Polling where CPU is what counts. The limit is n8n's: its own Wait On Webhook Call (resume URL, in the last line) costs as much or more; what a pause spares is memory, slots and API calls. A signed callback that carries the pictures spares the look, and with it one isolate. Keep Polling has one request from outside, too, and no node runs between. With `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true` the requests become cheap: see the callbacks below.",
			],
		};
	},
};
