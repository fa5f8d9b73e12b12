import { signatureHeaders } from '../../../test/kling';
import { withParameters } from '../../../test/support/n8n';
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
	'built-in, version 1',
	'ignored',
	'duplicate',
	'emitted',
	'emitted, read again',
] as const;
type Kind = (typeof KINDS)[number];
type Cpu = Record<Kind, number[]>;

/** An address that nobody has. */
const NOBODY = '203.0.113.1';

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
	/** Refuses all calls by their address, for which it reads nothing: the least that n8n itself takes for a request. */
	refusing: Listening;
	/** Starts an execution for each, too, and like every node but the newer Webhook node is asked with an isolate at hand. */
	versionOne: Listening;
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
		else if (kind === 'built-in, version 1') await send(hooks.versionOne, id, 'succeed');
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
				edit: (workflow) => withParameters(workflow, 'Hook', { options: { ipWhitelist: NOBODY } }),
			}),
			versionOne: await stand.listen('webhook', {
				path: 'version-one',
				edit: (workflow) => ({
					...workflow,
					nodes: workflow.nodes.map((one) =>
						one.name === 'Hook' ? { ...one, typeVersion: 1 } : one,
					),
				}),
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

/** What n8n itself takes for the same: a refusal for what is ignored, an execution for what is emitted. */
function beside(cpu: Cpu, ours: Kind, theirs: Kind, name: string) {
	return {
		theirs: `${name}: ${short(median(cpu[theirs]))} ms`,
		ratio: ratioOfRounds(cpu[ours], cpu[theirs]),
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
		told({
			...line('ignored'),
			...beside(cpu, 'ignored', 'built-in, refused', 'Webhook node, refusing'),
		}),
		emitted === 'isolate'
			? judged(emittedLine, more, isolateMs, `within ${short(isolateMs)} ms of it`)
			: judged({ ...emittedLine, inChart: true }, emittedLine.ratio, emitted),
		told({
			...line('emitted'),
			...beside(cpu, 'emitted', 'built-in, version 1', 'Webhook node, version 1'),
		}),
		told(line('emitted, read again')),
	];
}

export const callbacks: Scenario = {
	name: 'callbacks',
	title: 'Callbacks, beside the built-in Webhook node',
	method:
		"Callbacks one after the other: to the built-in Webhook node, which starts an execution for each (also in its version 1, and refusing by its IP Allow List), and to the trigger: of a status that nobody wants, of a task that has come out already, of a finished task with a valid signature (Skip API Check When Signed), and of one that is read from the API first. With n8n's default expression engine, with lazily acquired isolates (`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`) and with the legacy engine (`N8N_EXPRESSION_ENGINE=legacy`), an n8n each.",
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
				`What n8n's default engine costs the built-in node beyond the legacy one, ${short(isolateMs)} ms a call, is taken as the price of one isolate. n8n acquires one for each request before it asks a node, from which it spares its own Webhook node alone (\`live-webhooks.js\`), one each time that a node reads its credential within a webhook (its values may hold expressions; \`credentials-helper.js\`), and one for the execution. The trigger knows for two minutes whether the credential has a Webhook Secret, and which; so what it ignores, what has come out already, and what a signature vouches for takes no reading, and what is read from the API takes one. What it pays beyond the Webhook node for an execution with the default engine is the isolate that n8n spares the Webhook node, as the older version 1 of that node shows, which n8n does not spare it: it, too, acquires the second while it holds the first. Lazily acquired, or with the legacy engine, the same work is a few milliseconds. The Webhook node that refuses a call by its address reads nothing and starts nothing: what it takes is the least that n8n itself needs for a request, in this table the limit for all that is ignored.`,
			],
		};
	},
};
