import type { Bench } from '../bench';
import { median, ratioOfRounds, short } from '../numbers';
import { interleaved, withTarget, type Line, type Scenario } from '../scenario';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { until, untilQuiet } from '../stand/waiting';
import { count, imagesOf } from '../stand/window';

/** Items of an execution, executions of a measurement, and rounds of a quick run. */
const SIZES = [
	{ items: 1, executions: 40, quickRounds: 3 },
	{ items: 100, executions: 2, quickRounds: 1 },
	{ items: 1000, executions: 1, quickRounds: 1 },
] as const;
const CONTENDERS = ['nothing', 'http-request', 'ours-create'] as const;
type Contender = (typeof CONTENDERS)[number];
type Size = (typeof SIZES)[number];
const LIMIT = 1.2;
const LONGEST_MS = 120_000;

/** Milliseconds of CPU per item, including all that n8n does for the execution. */
async function cpuPerItem(
	stand: Stand,
	listening: Listening,
	contender: Contender,
	{ items, executions }: Size,
): Promise<number> {
	const created = async () => count(await stand.kling.report(), ['create']);
	await stand.openKling();
	await untilQuiet(stand);
	const before = stand.cpuMs();
	for (let execution = 0; execution < executions; execution++)
		await listening.start({ images: imagesOf(stand, items) });
	const wanted = contender === 'nothing' ? 0 : items * executions;
	await until(`${wanted} creates`, async () => (await created()) >= wanted, LONGEST_MS);
	await untilQuiet(stand);
	return (stand.cpuMs() - before) / (items * executions);
}

type Node = Exclude<Contender, 'nothing'>;
/** Milliseconds of CPU per item in each round, without n8n's own part. */
type Cpu = Record<Node, number[]>;

async function measure(bench: Bench, stand: Stand): Promise<Record<Size['items'], Cpu>> {
	const listening = {
		nothing: await stand.listen('nothing'),
		'http-request': await stand.listen('http-request'),
		'ours-create': await stand.listen('ours-create', { keys: 'apiKey' }),
	};
	for (const name of CONTENDERS)
		for (const size of SIZES) await cpuPerItem(stand, listening[name], name, size);
	const measured = {} as Record<Size['items'], Cpu>;
	for (const size of SIZES) {
		bench.say(` ${size.items} items`);
		const cpu = await interleaved(
			bench,
			bench.quick ? size.quickRounds : 5,
			CONTENDERS,
			async (name) => await cpuPerItem(stand, listening[name], name, size),
		);
		const own = (name: Node) =>
			cpu[name].map((value, round) => value - (cpu.nothing[round] ?? NaN));
		measured[size.items] = {
			'http-request': own('http-request'),
			'ours-create': own('ours-create'),
		};
	}
	return measured;
}

function sizeLine(cpu: Cpu, items: number): Line {
	const ratio = ratioOfRounds(cpu['ours-create'], cpu['http-request']);
	return withTarget(
		{
			what: `CPU per created task, ${items} item${items === 1 ? '' : 's'}`,
			ours: `${short(median(cpu['ours-create']))} ms`,
			theirs: `HTTP Request node: ${short(median(cpu['http-request']))} ms`,
			ratio,
			inChart: true,
		},
		ratio,
		LIMIT,
	);
}

function growthLine(hundred: Cpu, thousand: Cpu): Line {
	const growth = (name: keyof Cpu) => median(thousand[name]) / median(hundred[name]);
	const shown = (name: keyof Cpu) =>
		`${short(median(thousand[name]))} ms, × ${short(growth(name))}`;
	return withTarget(
		{
			what: 'CPU per created task, 1000 items, × that of 100 items',
			ours: shown('ours-create'),
			theirs: `HTTP Request node: ${shown('http-request')}`,
		},
		growth('ours-create'),
		LIMIT,
		`× ≤ ${LIMIT}`,
	);
}

export const overhead: Scenario = {
	name: 'overhead',
	title: 'Create without waiting, compared with the HTTP Request node',
	method:
		'Executions with 1, 100 and 1000 items, both authenticated with an API key, and a local Kling without a concurrency limit. CPU per item, minus that of the same execution without the node. The HTTP Request node sends all requests at once, this package five at a time (Max Concurrent).',
	async run(bench) {
		const stand = await openStand(bench);
		try {
			const cpu = await measure(bench, stand);
			return {
				lines: [
					...SIZES.map(({ items }) => sizeLine(cpu[items], items)),
					growthLine(cpu[100], cpu[1000]),
				],
				notes: [
					'The node reads its options and the credential, and checks all items, once per execution. None of this is repeated for each item.',
				],
			};
		} finally {
			await stand.close();
		}
	},
};
