import { signatureHeaders } from '../../kling';
import { withParameters } from '../../support/n8n';
import type { Bench } from '../bench';
import { median, ratioOfRounds, short } from '../numbers';
import { interleaved, judged, told, type Line, type Scenario } from '../scenario';
import { openStand, WEBHOOK_SECRET, type Listening, type Stand } from '../stand/stand';
import { untilQuiet } from '../stand/waiting';
import { withOptions } from '../stand/workflowFile';

const ENGINES = {
	default: {},
	lazy: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
} as const;
type Engine = keyof typeof ENGINES;

const KINDS = [
	'built-in',
	'built-in, refused',
	'ignored',
	'duplicate',
	'emitted',
	'emitted, read again',
] as const;
type Kind = (typeof KINDS)[number];
type Cpu = Record<Kind, number[]>;

interface Target {
	ignored: number;
	/** As a ratio, or within one isolate of the built-in node. */
	emitted: number | 'isolate';
}

const TARGETS: Record<Engine, Target> = {
	default: { ignored: 1, emitted: 2 },
	lazy: { ignored: 0.2, emitted: 'isolate' },
	legacy: { ignored: 1, emitted: 1.1 },
};

interface Hooks {
	builtIn: Listening;
	/** Looks at a header, for which it reads a credential, and refuses all calls here. */
	refusing: Listening;
	signed: Listening;
	unsigned: Listening;
}

async function send(
	listening: Listening,
	task_id: string,
	task_status: string,
	expected = 200,
): Promise<void> {
	const body = { task_id, task_status, task_status_msg: '', task_info: {}, task_result: {} };
	const id = String(Math.random()).slice(2);
	const headers = signatureHeaders(WEBHOOK_SECRET, id, Date.now(), JSON.stringify(body));
	const status = await listening.start(body, { ...headers });
	if (status !== expected) throw new Error(`A callback was answered with ${status}`);
}

/** Milliseconds of CPU for each of `count` callbacks, one after the other. */
async function cpuOf(stand: Stand, hooks: Hooks, kind: Kind, count: number): Promise<number> {
	const ids = await stand.kling.finishedTasks(count);
	const [first = ''] = ids;
	if (kind === 'duplicate') await send(hooks.signed, first, 'succeed');
	await untilQuiet(stand);
	const before = stand.cpuMs();
	for (const id of ids) {
		if (kind === 'built-in') await send(hooks.builtIn, id, 'succeed');
		else if (kind === 'built-in, refused') await send(hooks.refusing, id, 'succeed', 403);
		else if (kind === 'ignored') await send(hooks.signed, id, 'processing');
		else if (kind === 'duplicate') await send(hooks.signed, first, 'succeed');
		else if (kind === 'emitted') await send(hooks.signed, id, 'succeed');
		else await send(hooks.unsigned, id, 'succeed');
	}
	await untilQuiet(stand);
	return (stand.cpuMs() - before) / count;
}

async function measure(bench: Bench, engine: Engine): Promise<Cpu> {
	bench.say(` ${engine} engine`);
	const stand = await openStand(bench, { environment: ENGINES[engine], kling: { mode: 'manual' } });
	try {
		const hooks = {
			builtIn: await stand.listen('webhook'),
			refusing: await stand.listen('webhook', {
				path: 'refusing',
				edit: (workflow) => withParameters(workflow, 'Hook', { authentication: 'headerAuth' }),
			}),
			signed: await stand.listen('ours-trigger', {
				path: 'signed',
				keys: 'signed',
				edit: withOptions('Kling Trigger', { skipApiCheckWhenSigned: true }),
			}),
			unsigned: await stand.listen('ours-trigger', { path: 'unsigned' }),
		};
		for (const kind of KINDS) await cpuOf(stand, hooks, kind, 3);
		const count = bench.quick ? 8 : 60;
		return await interleaved(
			bench,
			bench.quick ? 2 : 5,
			KINDS,
			async (kind) => await cpuOf(stand, hooks, kind, count),
		);
	} finally {
		await stand.close();
	}
}

/** The built-in node, too, starts nothing then. */
function refusedBeside(cpu: Cpu) {
	const refused = cpu['built-in, refused'];
	return {
		theirs: `Webhook node, refusing: ${short(median(refused))} ms`,
		ratio: ratioOfRounds(cpu.ignored, refused),
	};
}

function linesOf(engine: Engine, cpu: Cpu, isolateMs: number): Line[] {
	const line = (kind: Kind) => ({
		what: `CPU per callback, ${kind}, ${engine} engine`,
		ours: `${short(median(cpu[kind]))} ms`,
		theirs: `Webhook node: ${short(median(cpu['built-in']))} ms`,
		ratio: ratioOfRounds(cpu[kind], cpu['built-in']),
	});
	const { ignored, emitted } = TARGETS[engine];
	const ignoredLine = line('ignored');
	const emittedLine = line('emitted');
	// Cheaper than the built-in node is within it, too.
	const more = Math.max(0, median(cpu.emitted) - median(cpu['built-in']));
	return [
		judged({ ...ignoredLine, inChart: true }, ignoredLine.ratio, ignored),
		told(line('duplicate')),
		told({ ...line('ignored'), ...refusedBeside(cpu) }),
		emitted === 'isolate'
			? judged(emittedLine, more, isolateMs, `within ${short(isolateMs)} ms of it`)
			: judged({ ...emittedLine, inChart: true }, emittedLine.ratio, emitted),
		told(line('emitted, read again')),
	];
}

export const callbacks: Scenario = {
	name: 'callbacks',
	title: 'Callbacks, beside the built-in Webhook node',
	method:
		"Callbacks one after the other: to the built-in Webhook node, which starts an execution for each, also refusing by Header Auth, and to the trigger: of a status that nobody wants, of a task that has come out already, of a finished task with a valid signature (Skip API Check When Signed), and of one that is read from the API first. With n8n's default expression engine, with lazily acquired isolates (`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`) and with the legacy engine (`N8N_EXPRESSION_ENGINE=legacy`), an n8n each.",
	async run(bench) {
		const cpu = {
			default: await measure(bench, 'default'),
			lazy: await measure(bench, 'lazy'),
			legacy: await measure(bench, 'legacy'),
		};
		const builtIn = (engine: Engine) => median(cpu[engine]['built-in']);
		const isolateMs = builtIn('default') - builtIn('legacy');
		return {
			lines: (['default', 'lazy', 'legacy'] as const).flatMap((engine) =>
				linesOf(engine, cpu[engine], isolateMs),
			),
			notes: [
				`What n8n's default engine costs the built-in node beyond the legacy one, ${short(isolateMs)} ms a call, is taken as the price of one isolate. Where a target is missed with the default engine, it goes into isolates: n8n acquires one for each request before the node is asked, one more for each time that a node reads its credential within a webhook (its values may hold expressions; \`credentials-helper.js\` of n8n), and one for the execution. The trigger reads its credential once a callback, since without the Webhook Secret it could not tell who calls. Lazily acquired, or with the legacy engine, the same work is a few milliseconds. The Webhook node that refuses a call by its Header Auth starts nothing either, and reads one credential, too: with the lazy and the legacy engine the trigger ignores a call at about the same price. With the default engine it takes more than that node, so what its target is missed by is not all n8n's limit: why the two readings of a credential differ there is not found yet.`,
			],
		};
	},
};
