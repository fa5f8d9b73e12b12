import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memoryEnvironment, readMemory } from '../../../test/support/n8n/memory';
import type { Bench } from '../bench';
import { short } from '../numbers';
import { judged, told, type Line, type Scenario } from '../scenario';
import { openStand, type Stand } from '../stand/stand';
import { until } from '../stand/waiting';
import { picturesOf } from '../stand/window';

const CONTENDERS = ['ours-polling', 'ours-paused', 'polling', 'resume-url'] as const;
type Contender = (typeof CONTENDERS)[number];

/** In flight before anything is measured, since the first ones make n8n grow for all; and beyond these at each measurement. */
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
	/** Above the base, for each execution in flight. */
	memory: Record<number, Memory>;
	/** Executions that hold a slot, of all in flight. */
	slots: Record<number, number>;
}

/** After a collection of garbage; without one the figures would tell of what is no longer needed. */
async function memoryOf(stand: Stand, file: string): Promise<Memory> {
	const { heapMb, externalMb } = await readMemory(stand.group(), file);
	// Of all processes, and in the same way as the CPU.
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
		const made = async () => (await stand.kling.report()).tasks.length;
		const paused = contender === 'ours-paused' || contender === 'resume-url';
		const bring = async (wanted: number): Promise<Memory> => {
			const have = await made();
			for (let begun = have; begun < wanted; begun += STARTED_SIDE_BY_SIDE)
				await Promise.all(
					Array.from({ length: Math.min(STARTED_SIDE_BY_SIDE, wanted - begun) }, async () => {
						await start({ pictures: picturesOf(stand, 1) });
					}),
				);
			await until(`${wanted} tasks`, async () => (await made()) >= wanted, LONG_MS);
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
			ratio: Math.max(paused.rssMb, paused.heapMb) / theirs.rssMb,
		};
		// Resident memory may even have shrunk meanwhile: what the heap has gained is the least that counts.
		const most = Math.max(paused.rssMb, paused.heapMb);
		lines.push(
			contender === 'ours-polling'
				? judged({ ...line, inChart: true }, most, LIMIT_MB, `≤ ${LIMIT_MB} MB`)
				: told(line),
			told({
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
		lines.push(contender === 'ours-polling' ? judged(held, slots, 0, '0') : told(held));
	}
	return lines;
}

const NAMES: Record<Exclude<Contender, 'ours-paused'>, string> = {
	'ours-polling': 'Keep Polling',
	polling: 'built-in, polling',
	'resume-url': 'built-in, resume URL',
};

function shown(mb: number): string {
	return mb <= 0 ? 'no growth' : `${short(mb)} MB`;
}

export const memory: Scenario = {
	name: 'memory',
	title: 'Memory and slots of executions that wait',
	method: `An n8n of its own for each way of waiting, and tasks that do not end. With ${BASE} executions in flight, then with ${LEVELS.join(' and ')} more, garbage is collected and the resident memory of n8n read (\`/proc\`); what it has grown by is divided by the executions. Slots are executions that n8n lists as running: they count for \`N8N_CONCURRENCY_PRODUCTION_LIMIT\`.`,
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
		return {
			lines: Object.keys(all['ours-paused'].memory).flatMap((level) => linesOf(all, Number(level))),
			notes: [
				'Resident memory also keeps what the starts of the executions have needed and n8n has not given back; some MB either way are the noise of the machine, and count a fiftieth at 50 in flight. The heap after a collection is what the paused executions themselves hold.',
				...(bench.quick ? ['A full run measures 200 in flight, and the built-in ways, too.'] : []),
			],
		};
	},
};
