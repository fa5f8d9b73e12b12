import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Bench } from '../bench';
import { greedyMs } from '../greedy';
import { median, ratioOfRounds, short } from '../numbers';
import { compared, interleaved, withTarget, type Scenario } from '../scenario';
import type { Given, Simulated } from '../simulation/process';
import { forkKling } from '../stand/remoteKling';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { until } from '../stand/waiting';
import { imagesOf } from '../stand/window';

const run = promisify(execFile);

const ITEMS = 40;
const SLOTS = 5;
const SHORT_MS = [4_000, 8_000] as const;
const REALISTIC_MS = [20_000, 60_000] as const;
const TIMES_AS_FAST = 20;
const [LIMIT, SIMULATED_LIMIT] = [1.15, 1.05];
type Contender = 'polling-in-batches' | 'ours-create';

async function total(stand: Stand, listening: Listening, seed: number): Promise<Simulated> {
	await stand.openKling({ durationMs: SHORT_MS, slots: SLOTS, seed });
	await listening.start({ images: imagesOf(stand, ITEMS) });
	let report = await stand.kling.report();
	const ended = () => report.tasks.filter(({ status }) => status === 'succeed').length;
	await until(
		`${ITEMS} tasks`,
		async () => {
			report = await stand.kling.report();
			return ended() >= ITEMS;
		},
		300_000,
	);
	const begin = Math.min(...report.tasks.map(({ created_at }) => created_at));
	const totalMs = Math.max(...report.tasks.map(({ updated_at }) => updated_at)) - begin;
	const durations = report.tasks.map(({ durationMs }) => durationMs);
	const creates = report.requests.filter(({ operation }) => operation === 'create').length;
	return { totalMs, time: totalMs / greedyMs(durations, SLOTS), creates: creates / ITEMS };
}

async function simulated(contender: Given['contender'], seed: number): Promise<Simulated> {
	const given: Given = {
		contender,
		seed,
		items: ITEMS,
		slots: SLOTS,
		durationMs: REALISTIC_MS,
		timesAsFast: TIMES_AS_FAST,
	};
	const script = join(__dirname, '../simulation/process.ts');
	const { stdout } = await run(process.execPath, [
		...process.execArgv,
		script,
		JSON.stringify(given),
	]);
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Simulated;
}

async function inN8n(bench: Bench, name: Contender): Promise<Simulated[]> {
	const remote = forkKling();
	const stand = await openStand(bench, { remote });
	try {
		const listening = await stand.listen(name);
		const totals: Simulated[] = [];
		for (let round = 0; round < (bench.quick ? 1 : 3); round++)
			totals.push(await total(stand, listening, bench.seed + round));
		return totals;
	} finally {
		await stand.close();
		remote.close();
	}
}

export const slots: Scenario = {
	name: 'slots',
	title: 'Forty creates on an account with five slots',
	method: `Total time from the first create to the end of the last task, also as a multiple of the lower bound. The lower bound is a schedule that knows all durations and loses no time. In n8n, with tasks of 4 to 8 s, this package is compared with built-in nodes that create five tasks at a time and wait for them ([polling-in-batches](../tools/bench/workflows/polling-in-batches.json)), since n8n's own retry would create all tasks of a batch again after a refusal. In a simulation, with tasks of 20 to 60 s, it is compared with five workers that back off as Kling advises. There, n8n's engine and the local Kling run in a process whose clock is ${TIMES_AS_FAST} times as fast, so that each millisecond of a request counts as ${TIMES_AS_FAST}.`,
	async run(bench) {
		const [batches, ours, fast] = await Promise.all([
			inN8n(bench, 'polling-in-batches'),
			inN8n(bench, 'ours-create'),
			interleaved(
				bench,
				bench.quick ? 1 : 3,
				['backoff', 'ours'] as const,
				async (name, round) => await simulated(name, bench.seed + round),
			),
		]);
		const time = (rounds: Simulated[]) => rounds.map((round) => round.time);
		const shown = (rounds: Simulated[]) =>
			`${short(median(rounds.map(({ totalMs }) => totalMs / 1000)))} s, × ${short(median(time(rounds)))}`;
		const creates = (rounds: Simulated[]) => short(median(rounds.map((round) => round.creates)));
		return {
			lines: [
				withTarget(
					{
						what: '40 creates on 5 slots, tasks of 4 to 8 s (× lower bound)',
						ours: shown(ours),
						theirs: `built-in, five at a time: ${shown(batches)}`,
						ratio: ratioOfRounds(time(ours), time(batches)),
						inChart: true,
					},
					median(time(ours)),
					LIMIT,
					`× ≤ ${LIMIT}`,
				),
				withTarget(
					{
						what: '40 creates on 5 slots, simulated tasks of 20 to 60 s (× lower bound)',
						ours: shown(fast.ours),
						theirs: `exponential backoff: ${shown(fast.backoff)}`,
						ratio: ratioOfRounds(time(fast.ours), time(fast.backoff)),
					},
					median(time(fast.ours)),
					SIMULATED_LIMIT,
					`× ≤ ${SIMULATED_LIMIT}`,
				),
				compared({
					what: 'the same, create requests per task',
					ours: creates(fast.ours),
					theirs: `exponential backoff: ${creates(fast.backoff)}`,
				}),
			],
			notes: [
				'Both n8n instances, each with its own local Kling, and the simulation run at the same time: n8n mostly waits here. The create requests beyond one per task were refused with code 1303, which costs nothing: they probe for free slots.',
			],
		};
	},
};
