import type { Bench } from '../bench';
import { interleaved } from '../scenario';
import { openStand, type Listening, type Stand } from './stand';
import { idleShareOf, untilQuiet } from './waiting';
import { imagesOf, measureWindow, type WindowMeasure, type WindowOptions } from './window';
import { urlsOnly, withNextNode, type Listen } from './workflowFile';

/** What a task costs, by each way of waiting: the runs that four scenarios share. */
export interface Waits {
	/** Executions with one item each. */
	one: Record<Contender, WindowMeasure[]>;
	/** One execution with ten items; `ours-polling` only in full runs. */
	ten: Record<ManyContender, WindowMeasure[]>;
	idleShare: number;
	/** CPU of an execution that a webhook starts and that does nothing, in milliseconds: n8n's own part. */
	startMs: number;
}

/** `…signed`: paused, with signed callbacks that contain the images' URLs. `…urls`: paused, without the downloads. */
const CONTENDERS = [
	'polling',
	'resume-url',
	'ours-paused',
	'ours-signed',
	'ours-urls',
	'ours-urls-signed',
	'ours-polling',
] as const;
/** Wait On Webhook Call outputs one item, so that `resume-url` needs ten executions for ten items. */
const MANY = ['polling', 'ours-paused', 'ours-signed', 'ours-polling'] as const;
export type Contender = (typeof CONTENDERS)[number];
export type ManyContender = (typeof MANY)[number];

const HALF_A_MINUTE_MS = [27_000, 33_000] as const;
/** The duration makes no difference to a pause, if no task ends before it. */
const SOME_SECONDS_MS = [6_000, 9_000] as const;
const ONE = { executions: 10, items: 1, apartMs: 700 };
const TEN = { executions: 1, items: 10, apartMs: 0 };

const NONE = { polling: [], 'ours-paused': [], 'ours-signed': [], 'ours-polling': [] };
const STARTS = 20;

const measured = new WeakMap<Bench, Promise<Waits>>();

/** Measured once, when the first scenario needs them. */
export async function waitsOf(bench: Bench): Promise<Waits> {
	const waits = measured.get(bench) ?? measure(bench);
	measured.set(bench, waits);
	return await waits;
}

async function measure(bench: Bench): Promise<Waits> {
	const stand = await openStand(bench);
	try {
		const listening = await listenAll(stand);
		for (const name of CONTENDERS) await warmUp(stand, listening[name], optionsOf(name, ONE));
		const idleShare = await idleShareOf(stand);
		const run = async (name: Contender, round: number, options: WindowOptions) => {
			await stand.openKling({
				seed: bench.seed + round,
				durationMs: isShort(name) ? SOME_SECONDS_MS : HALF_A_MINUTE_MS,
				...(isSigned(name) && { switches: { callbackBody: 'documented' } }),
			});
			return await measureWindow(stand, listening[name], idleShare, optionsOf(name, options));
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
		return { one, ten: { ...NONE, ...ten }, idleShare, startMs };
	} finally {
		await stand.close();
	}
}

async function listenAll(stand: Stand): Promise<Record<Contender, Listening>> {
	const paused = async (path: Contender, edit: NonNullable<Listen['edit']>) =>
		await stand.listen('ours-paused', { path, edit, ...(isSigned(path) && { keys: 'signed' }) });
	return {
		polling: await stand.listen('polling'),
		'resume-url': await stand.listen('resume-url'),
		'ours-paused': await paused('ours-paused', withNextNode),
		'ours-signed': await paused('ours-signed', withNextNode),
		'ours-urls': await paused('ours-urls', urlsOnly),
		'ours-urls-signed': await paused('ours-urls-signed', urlsOnly),
		'ours-polling': await stand.listen('ours-polling'),
	};
}

const isSigned = (name: Contender) => name.endsWith('signed');
const isUrlsOnly = (name: Contender) => name.startsWith('ours-urls');
const isShort = (name: Contender) => isSigned(name) || isUrlsOnly(name);

function optionsOf(name: Contender, options: WindowOptions): WindowOptions {
	return isUrlsOnly(name) ? { ...options, images: 0 } : options;
}

/** The first run of each loads and compiles code that later ones reuse. */
async function warmUp(stand: Stand, listening: Listening, options: WindowOptions): Promise<void> {
	await stand.openKling({ durationMs: [1_500, 2_000] });
	await measureWindow(stand, listening, 0, { ...options, executions: 2, apartMs: 0 });
}

/** A quick run leaves out Keep Polling. */
function manyOf({ quick }: Bench): readonly ManyContender[] {
	return quick ? MANY.slice(0, 3) : MANY;
}

async function startOf(stand: Stand): Promise<number> {
	const { start } = await stand.listen('nothing');
	await start({ images: [] });
	await untilQuiet(stand);
	const before = stand.cpuMs();
	for (let execution = 0; execution < STARTS; execution++)
		await start({ images: imagesOf(stand, 1) });
	await untilQuiet(stand);
	return (stand.cpuMs() - before) / STARTS;
}
