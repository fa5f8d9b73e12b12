import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Bench } from '../bench';
import { greedyMs } from '../greedy';
import { median, ratioOfRounds, short } from '../numbers';
import { interleaved, judged, told, type Scenario } from '../scenario';
import type { Given, Simulated } from '../simulation/process';
import { forkKling } from '../stand/remoteKling';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { until } from '../stand/waiting';
import { picturesOf } from '../stand/window';

const run = promisify(execFile);

const ITEMS = 40;
const SLOTS = 5;
const ABOUT_SIX_S_MS = [4_000, 8_000] as const;
const AS_REAL_MS = [20_000, 60_000] as const;
const TIMES_AS_FAST = 20;
const [LIMIT, SIMULATED_LIMIT] = [1.15, 1.05];
type Contender = 'polling-in-batches' | 'ours-create';

interface Total extends Simulated {
	totalMs: number;
}

async function total(stand: Stand, listening: Listening, seed: number): Promise<Total> {
	await stand.openKling({ durationMs: ABOUT_SIX_S_MS, slots: SLOTS, seed });
	await listening.start({ pictures: picturesOf(stand, ITEMS) });
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
		durationMs: AS_REAL_MS,
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

async function inN8n(bench: Bench, name: Contender): Promise<Total[]> {
	const remote = forkKling();
	const stand = await openStand(bench, { remote });
	try {
		const listening = await stand.listen(name);
		const totals: Total[] = [];
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
	method: `From the first task's making to the last one's end, over the lower bound: a schedule that knows all durations and loses no time. In n8n with tasks of 4 to 8 s, beside the built-in nodes that make five at a time and wait for them ([polling-in-batches](../tools/bench/workflows/polling-in-batches.json)), as n8n's own retry would make all of a batch anew after a refusal. And in a simulation with tasks of 20 to 60 s: the node on n8n's engine and the local Kling in a process whose clock runs ${TIMES_AS_FAST} times as fast, so that the milliseconds of a request count ${TIMES_AS_FAST} times, too; beside five workers that back off as Kling advises.`,
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
		const creates = (rounds: Simulated[]) => short(median(rounds.map((round) => round.creates)));
		const seconds = (rounds: Total[]) => short(median(rounds.map(({ totalMs }) => totalMs / 1000)));
		return {
			lines: [
				judged(
					{
						what: '40 creates on 5 slots, tasks of 4 to 8 s, over the lower bound',
						ours: short(median(time(ours))),
						theirs: `built-in, five at a time: ${short(median(time(batches)))}`,
						ratio: ratioOfRounds(time(ours), time(batches)),
						inChart: true,
					},
					median(time(ours)),
					LIMIT,
				),
				judged(
					{
						what: '40 creates on 5 slots, simulated tasks of 20 to 60 s, over the lower bound',
						ours: short(median(time(fast.ours))),
						theirs: `exponential backoff: ${short(median(time(fast.backoff)))}`,
						ratio: ratioOfRounds(time(fast.ours), time(fast.backoff)),
					},
					median(time(fast.ours)),
					SIMULATED_LIMIT,
				),
				told({
					what: 'the same, creates sent for each task',
					ours: creates(fast.ours),
					theirs: `exponential backoff: ${creates(fast.backoff)}`,
				}),
				told({
					what: 'the former, total time',
					ours: `${seconds(ours)} s`,
					theirs: `built-in, five at a time: ${seconds(batches)} s`,
				}),
			],
			notes: [
				'Both n8n, each with a Kling of its own, and the simulation work at the same time: n8n mostly waits here. The creates beyond one a task are refusals (1303), which cost nothing: probes for slots that others have left.',
			],
		};
	},
};
