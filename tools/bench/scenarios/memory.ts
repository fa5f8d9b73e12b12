import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memoryEnvironment, readMemory } from '../../../test/support/n8n/memory';
import type { Bench } from '../bench';
import { short } from '../numbers';
import { compared, withTarget, type Line, type Quoted, type Scenario } from '../scenario';
import { openStand, type Stand } from '../stand/stand';
import { until } from '../stand/waiting';
import { imagesOf } from '../stand/window';

const CONTENDERS = ['ours-polling', 'ours-paused', 'polling', 'resume-url'] as const;
type Contender = (typeof CONTENDERS)[number];

/** Executions in flight before the first measurement, since the first ones make n8n grow in any case; and above these at each measurement. */
const BASE = 60;
const LEVELS = [50, 200];
const STARTED_SIDE_BY_SIDE = 4;
const LIMIT_MB = 0.1;
const LONG_MS = 3_600_000;

interface Memory {
	rssMb: number;
	heapMb: number;
}

interface Waiting {
	/** Growth above the base, per execution in flight. */
	memory: Record<number, Memory>;
	/** The share of executions in flight that hold a slot. */
	slots: Record<number, number>;
}

/** After a garbage collection: otherwise the figures would include what is no longer needed. */
async function memoryOf(stand: Stand, file: string): Promise<Memory> {
	const { heapMb, externalMb } = await readMemory(stand.group(), file);
	// Measured for the same processes as the CPU.
	return { rssMb: stand.rssMb(), heapMb: heapMb + externalMb };
}

async function waitingWith(bench: Bench, contender: Contender): Promise<Waiting> {
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-memory-'));
	const file = join(folder, 'memory.json');
	const stand = await openStand(bench, {
		environment: memoryEnvironment(file),
		kling: { mode: 'manual' },
	});
	try {
		const { start, executionIds } = await stand.listen(contender);
		const created = async () => (await stand.kling.report()).tasks.length;
		const paused = contender === 'ours-paused' || contender === 'resume-url';
		const bring = async (wanted: number): Promise<Memory> => {
			const have = await created();
			for (let begun = have; begun < wanted; begun += STARTED_SIDE_BY_SIDE)
				await Promise.all(
					Array.from({ length: Math.min(STARTED_SIDE_BY_SIDE, wanted - begun) }, async () => {
						await start({ images: imagesOf(stand, 1) });
					}),
				);
			await until(`${wanted} tasks`, async () => (await created()) >= wanted, LONG_MS);
			if (paused)
				await until(
					`${wanted} pauses`,
					async () => (await executionIds('waiting')).length >= wanted,
					120_000,
				);
			return await memoryOf(stand, file);
		};
		const base = await bring(BASE);
		const waiting: Waiting = { memory: {}, slots: {} };
		for (const level of bench.quick ? LEVELS.slice(0, 1) : LEVELS) {
			const { rssMb, heapMb } = await bring(BASE + level);
			waiting.memory[level] = {
				rssMb: (rssMb - base.rssMb) / level,
				heapMb: (heapMb - base.heapMb) / level,
			};
			waiting.slots[level] = (await executionIds('running')).length / (BASE + level);
		}
		return waiting;
	} finally {
		await stand.close();
		await rm(folder, { recursive: true, force: true });
	}
}

function linesOf(all: Record<Contender, Waiting>, level: number): Line[] {
	const of = (contender: Contender) => all[contender].memory[level];
	const paused = of('ours-paused') ?? { rssMb: NaN, heapMb: NaN };
	const slots = all['ours-paused'].slots[level] ?? NaN;
	const lines: Line[] = [];
	for (const [contender, name] of Object.entries(NAMES) as Array<[Contender, string]>) {
		const theirs = of(contender);
		if (theirs === undefined) continue;
		const line = {
			what: `Memory per waiting execution, paused, ${level} in flight`,
			ours: shown(paused.rssMb),
			theirs: `${name}: ${shown(theirs.rssMb)}`,
			ratio: mostOf(paused) / theirs.rssMb,
		};
		lines.push(
			contender === 'ours-polling'
				? withTarget({ ...line, inChart: true }, mostOf(paused), LIMIT_MB, `≤ ${LIMIT_MB} MB`)
				: compared(line),
			compared({
				what: `the same, heap and external memory of n8n, ${level} in flight`,
				ours: shown(paused.heapMb),
				theirs: `${name}: ${shown(theirs.heapMb)}`,
			}),
		);
		const held = {
			what: `Slots per waiting execution, paused, ${level} in flight`,
			ours: short(slots),
			theirs: `${name}: ${short(all[contender].slots[level] ?? NaN)}`,
		};
		lines.push(contender === 'ours-polling' ? withTarget(held, slots, 0, '0') : compared(held));
	}
	return lines;
}

const NAMES: Record<Exclude<Contender, 'ours-paused'>, string> = {
	'ours-polling': 'Keep Polling',
	polling: 'built-in, polling',
	'resume-url': 'built-in, resume URL',
};

/** Resident memory may have shrunk: an execution holds at least what the heap has grown by. */
function mostOf({ rssMb, heapMb }: Memory): number {
	return Math.max(rssMb, heapMb);
}

function quoted(all: Record<Contender, Waiting>, level: number): Quoted {
	const of = (contender: Contender) => ({
		memory: shown(mostOf(all[contender].memory[level] ?? { rssMb: NaN, heapMb: NaN })),
		slots: short(all[contender].slots[level] ?? NaN),
	});
	return { waiting: { paused: of('ours-paused'), keepPolling: of('ours-polling') } };
}

function shown(mb: number): string {
	return mb <= 0 ? 'no growth' : `${short(mb)} MB`;
}

export const memory: Scenario = {
	name: 'memory',
	title: 'Memory and slots of executions that wait',
	method: `Each way of waiting runs in its own n8n, with tasks that do not end. With ${BASE} executions in flight, then with ${LEVELS.join(' and ')} more, garbage is collected and the resident memory of n8n is read from \`/proc\`; its growth is divided by the number of executions. Slots are executions that n8n lists as running: they count towards \`N8N_CONCURRENCY_PRODUCTION_LIMIT\`.`,
	async run(bench) {
		const none: Waiting = { memory: {}, slots: {} };
		const all: Record<Contender, Waiting> = {
			polling: none,
			'ours-polling': none,
			'ours-paused': none,
			'resume-url': none,
		};
		for (const contender of bench.quick ? CONTENDERS.slice(0, 2) : CONTENDERS) {
			bench.say(`  ${contender}`);
			all[contender] = await waitingWith(bench, contender);
		}
		const levels = Object.keys(all['ours-paused'].memory).map(Number);
		return {
			lines: levels.flatMap((level) => linesOf(all, level)),
			quoted: quoted(all, levels.at(-1) ?? NaN),
			notes: [
				'Resident memory also includes what n8n needed to start the executions and has not returned to the system yet. It varies by some MB, a fiftieth of which counts per execution at 50 in flight. The heap after a collection is what the paused executions themselves hold.',
				...(bench.quick
					? ['A full run also measures 200 in flight, and the built-in workflows.']
					: []),
			],
		};
	},
};
