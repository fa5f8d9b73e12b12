import { median, ratioOfRounds, short } from '../numbers';
import { compared, withTarget, type Line, type Quoted, type Scenario } from '../scenario';
import { waitsOf, type Waits } from '../stand/waits';
import type { WindowMeasure } from '../stand/window';

/** Of what n8n's own Wait node needs for the same. */
const LIMIT = 1;

const cpuOf = (rounds: WindowMeasure[]) => rounds.map(({ cpuMs, tasks }) => cpuMs / tasks);
const shown = (rounds: WindowMeasure[]) => `${short(median(cpuOf(rounds)))} ms`;

function line(what: string, ours: WindowMeasure[], name: string, theirs: WindowMeasure[]) {
	return {
		what: `CPU per task, ${what}`,
		ours: shown(ours),
		theirs: `built-in, ${name}: ${shown(theirs)}`,
		ratio: ratioOfRounds(cpuOf(ours), cpuOf(theirs)),
	};
}

function linesOf({ one, ten }: Waits): Line[] {
	const paused = [
		['1 item, paused, signed callbacks with URLs', one['ours-signed'], one.polling],
		['10 items, paused, signed callbacks with URLs', ten['ours-signed'], ten.polling],
		['1 item, paused', one['ours-paused'], one.polling],
		['10 items, paused', ten['ours-paused'], ten.polling],
	] as const;
	const keepPolling = [
		['1 item, Keep Polling', one['ours-polling'], one.polling],
		['10 items, Keep Polling', ten['ours-polling'], ten.polling],
	] as const;
	return [
		...paused.map(([what, ours]) => {
			const pause = line(what, ours, 'resume URL', one['resume-url']);
			return withTarget({ ...pause, inChart: !what.includes('signed') }, pause.ratio, LIMIT);
		}),
		...paused.map(([what, ours, polling]) =>
			compared({ ...line(what, ours, 'polling', polling), inChart: !what.includes('signed') }),
		),
		...keepPolling
			.filter(([, ours]) => ours.length > 0)
			.map(([what, ours, polling]) =>
				compared({ ...line(what, ours, 'polling', polling), inChart: true }),
			),
	];
}

function quoted({ one }: Waits): Quoted {
	return {
		cpu: {
			keepPolling: shown(one['ours-polling']),
			paused: shown(one['ours-paused']),
			polling: shown(one.polling),
			resumeUrl: shown(one['resume-url']),
		},
	};
}

export const cpu: Scenario = {
	name: 'cpu',
	title: 'CPU per finished task',
	method:
		'The runs with nine files: user and system time of all n8n processes, minus what an idle n8n uses in the same time, divided by the number of tasks. In all workflows it includes the start of the execution by its webhook and the download of the nine files. `resume URL` takes one item per execution, so ten items are compared with ten of its executions.',
	async run(bench) {
		const waits = await waitsOf(bench);
		const { idleShare, startMs, one } = waits;
		return {
			lines: linesOf(waits),
			notes: [
				`An idle n8n used ${short(idleShare * 100)} % of a core. An execution that a webhook starts and that does nothing costs n8n ${short(startMs)} ms: × ${short(startMs / median(cpuOf(one.polling)))} of what polling needs for one item.`,
				"The target compares a pause with n8n's own pause, Wait On Webhook Call (`resume URL`). An earlier target, a quarter of what polling needs, is out of reach for any pause in n8n: its default engine prepares an expression isolate for each request from outside. A paused task has three such requests (the start and the callbacks for `processing` and for the end), polling only the start; the share above is that of a start alone. The longer a task takes, the more CPU a pause saves, since polling pays for each check. In any case it saves memory, slots and API calls; if CPU matters most, use Keep Polling. A pause may need more CPU than `resume URL` because it verifies the callback and checks the task before n8n resumes the execution. A signed callback with the URLs saves a check, and with it one isolate. `N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true` makes these requests cheap: see the callbacks below.",
			],
			quoted: quoted(waits),
		};
	},
};
