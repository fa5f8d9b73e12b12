import type { Bench } from '../bench';
import { interleaved } from '../scenario';
import { openStand, type Listening, type Stand } from './stand';
import { idleShareOf, untilQuiet } from './waiting';
import { measureWindow, picturesOf, type WindowMeasure } from './window';

/** What tasks of half a minute (with `ours-signed` of some seconds) cost, by each way of waiting; the runs that four scenarios read. */
export interface Waits {
	/** Executions with one item each. */
	one: Record<Contender, WindowMeasure[]>;
	/** One execution with ten items; `ours-polling` in full runs alone. */
	ten: Record<ManyContender, WindowMeasure[]>;
	idleShare: number;
	/** CPU of an execution that its webhook starts and that does nothing, in milliseconds: n8n's own part. */
	startMs: number;
}

/** `ours-signed`: paused, with signed callbacks that carry the pictures. */
const CONTENDERS = ['polling', 'resume-url', 'ours-paused', 'ours-signed', 'ours-polling'] as const;
/** A Wait for a call puts out one item, so ten items are ten executions with `resume-url`. */
const MANY = ['polling', 'ours-paused', 'ours-signed', 'ours-polling'] as const;
export type Contender = (typeof CONTENDERS)[number];
export type ManyContender = (typeof MANY)[number];

const HALF_A_MINUTE_MS = [27_000, 33_000] as const;
/** For who does not notice how long a task takes; long enough that none has ended before the pause. */
const SOME_SECONDS_MS = [6_000, 9_000] as const;
const ONE = { executions: 10, items: 1, apartMs: 700 };
const TEN = { executions: 1, items: 10, apartMs: 0 };

const NOBODY = { polling: [], 'ours-paused': [], 'ours-signed': [], 'ours-polling': [] };
const STARTS = 20;

const measured = new WeakMap<Bench, Promise<Waits>>();

/** Measured once a run, at the first asking. */
export async function waitsOf(bench: Bench): Promise<Waits> {
	const waits = measured.get(bench) ?? measure(bench);
	measured.set(bench, waits);
	return await waits;
}

async function measure(bench: Bench): Promise<Waits> {
	const stand = await openStand(bench);
	try {
		const listening = {
			polling: await stand.listen('polling'),
			'resume-url': await stand.listen('resume-url'),
			'ours-paused': await stand.listen('ours-paused'),
			'ours-signed': await stand.listen('ours-paused', { path: 'ours-signed', keys: 'signed' }),
			'ours-polling': await stand.listen('ours-polling'),
		};
		await warmUp(stand, Object.values(listening));
		const idleShare = await idleShareOf(stand);
		const run = async (name: Contender, round: number, options: typeof ONE) => {
			const seed = bench.seed + round;
			await stand.openKling(
				name === 'ours-signed'
					? { seed, durationMs: SOME_SECONDS_MS, switches: { callbackBody: 'documented' } }
					: { seed, durationMs: HALF_A_MINUTE_MS },
			);
			return await measureWindow(stand, listening[name], idleShare, options);
		};
		const startMs = await startOf(stand);
		bench.say(' one item an execution');
		const one = await interleaved(
			bench,
			bench.quick ? 1 : 5,
			CONTENDERS,
			async (name, round) => await run(name, round, ONE),
		);
		bench.say(' ten items an execution');
		const ten = await interleaved(
			bench,
			bench.quick ? 1 : 5,
			manyOf(bench),
			async (name, round) => await run(name, round, TEN),
		);
		return { one, ten: { ...NOBODY, ...ten }, idleShare, startMs };
	} finally {
		await stand.close();
	}
}

/** The first run of each loads and compiles what later ones have. */
async function warmUp(stand: Stand, listening: Listening[]): Promise<void> {
	await stand.openKling({ durationMs: [1_500, 2_000] });
	for (const one of listening)
		await measureWindow(stand, one, 0, { executions: 2, items: 1, apartMs: 0 });
}

/** All take turns in a full run. */
function manyOf({ quick }: Bench): readonly ManyContender[] {
	return quick ? MANY.slice(0, 3) : MANY;
}

async function startOf(stand: Stand): Promise<number> {
	const { start } = await stand.listen('nothing');
	await start({ pictures: [] });
	await untilQuiet(stand);
	const before = stand.cpuMs();
	for (let execution = 0; execution < STARTS; execution++)
		await start({ pictures: picturesOf(stand, 1) });
	await untilQuiet(stand);
	return (stand.cpuMs() - before) / STARTS;
}
