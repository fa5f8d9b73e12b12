import { signatureHeaders } from '../../../test/kling';
import { withParameters } from '../../../test/support/n8n';
import type { Bench } from '../bench';
import { median, ratioOfRounds, short } from '../numbers';
import { compared, interleaved, withTarget, type Line, type Scenario } from '../scenario';
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
	'emitted, checked',
] as const;
type Kind = (typeof KINDS)[number];
type Cpu = Record<Kind, number[]>;

/** Reserved for documentation: no caller has it. */
const UNUSED_ADDRESS = '203.0.113.1';

interface Target {
	ignored: number;
	/** As a ratio, or as the CPU of one isolate beyond the built-in node. */
	emitted: number | 'isolate';
}

const TARGETS: Record<Engine, Target> = {
	default: { ignored: 1, emitted: 2 },
	lazy: { ignored: 0.2, emitted: 'isolate' },
	legacy: { ignored: 1, emitted: 1.1 },
};

interface Hooks {
	builtIn: Listening;
	/** Refuses all calls by their IP address and reads nothing: the least that n8n itself needs for a request. */
	refusing: Listening;
	/** Also starts an execution for each call. n8n acquires an isolate first, as for every node but the newer Webhook node. */
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

/** Milliseconds of CPU per callback, for `count` callbacks in sequence. */
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
				edit: (workflow) =>
					withParameters(workflow, 'Hook', { options: { ipWhitelist: UNUSED_ADDRESS } }),
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

/** What n8n itself needs: a refusal for what is ignored, an execution for what is emitted. */
function comparedWith(cpu: Cpu, ours: Kind, theirs: Kind, name: string) {
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
	// Cheaper than the built-in node meets the target, too.
	const more = Math.max(0, median(cpu.emitted) - median(cpu['built-in']));
	return [
		withTarget({ ...ignoredLine, inChart: true }, ignoredLine.ratio, ignored),
		compared(line('duplicate')),
		compared({
			...line('ignored'),
			...comparedWith(cpu, 'ignored', 'built-in, refused', 'Webhook node, refusing'),
		}),
		emitted === 'isolate'
			? withTarget(emittedLine, more, isolateMs, `within ${short(isolateMs)} ms of it`)
			: withTarget({ ...emittedLine, inChart: true }, emittedLine.ratio, emitted),
		compared({
			...line('emitted'),
			...comparedWith(cpu, 'emitted', 'built-in, version 1', 'Webhook node, version 1'),
		}),
		compared(line('emitted, checked')),
	];
}

const QUICK_NOTE =
	'A quick run sends 16 callbacks of each kind, and the system counts CPU time in steps of 10 ms: a single figure can be off by half. In the full run of 2026-11-26, with 300 of each kind, an emitted callback took 0.98 of the Webhook node with the legacy engine.';

export const callbacks: Scenario = {
	name: 'callbacks',
	title: 'Callbacks, compared with the built-in Webhook node',
	method:
		"Callbacks are sent in sequence. The built-in Webhook node starts an execution for each; its version 1 is measured as well, and so is a Webhook node whose IP allowlist refuses the call. The trigger of this package receives four kinds: a status that is not selected (ignored), a task that it has already output (duplicate), a finished task with a valid signature and Skip API Check When Signed (emitted), and a finished task that it checks through the API first (emitted, checked). Each is measured with n8n's default expression engine, with lazily acquired isolates (`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`) and with the legacy engine (`N8N_EXPRESSION_ENGINE=legacy`), each in its own n8n.",
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
				`The price of one isolate is what the Webhook node needs beyond the legacy engine with the default one: ${short(isolateMs)} ms per call. n8n acquires an isolate for each request before it calls a node (except its own Webhook node; \`live-webhooks.js\`), one each time that a node reads its credential in a webhook (its values may hold expressions; \`credentials-helper.js\`), and one for the execution. The trigger remembers for two minutes which Webhook Secret the credential has, if any. So it reads no credential for a callback that it ignores, for a duplicate, and for one that a signature proves; it reads the credential once for a task that it checks.`,
				'With the default engine, an execution started by the trigger costs more than one started by the Webhook node because n8n acquires that first isolate. Version 1 of the Webhook node shows the same: it acquires its second isolate while it holds the first. With lazy isolates or the legacy engine, the same work takes a few milliseconds.',
				`With lazy isolates, the target for an ignored callback is out of reach: the Webhook node that refuses a call reads nothing and starts nothing, so it needs the least that any request costs n8n, and that is × ${short(ratioOfRounds(cpu.lazy['built-in, refused'], cpu.lazy['built-in']))} of the Webhook node that starts an execution.`,
				...(bench.quick ? [QUICK_NOTE] : []),
			],
		};
	},
};
