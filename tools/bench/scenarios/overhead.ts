import { median, ratioOfRounds, short } from '../numbers';
import { interleaved, judged, type Line, type Scenario } from '../scenario';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { until, untilQuiet } from '../stand/waiting';
import { count, picturesOf } from '../stand/window';

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

/** Milliseconds of CPU for each item, with all that n8n does for the execution. */
async function cpuPerItem(
	stand: Stand,
	listening: Listening,
	contender: Contender,
	{ items, executions }: Size,
): Promise<number> {
	const made = async () => count(await stand.kling.report(), ['create']);
	await stand.openKling();
	await untilQuiet(stand);
	const before = stand.cpuMs();
	for (let execution = 0; execution < executions; execution++)
		await listening.start({ pictures: picturesOf(stand, items) });
	const wanted = contender === 'nothing' ? 0 : items * executions;
	await until(`${wanted} creates`, async () => (await made()) >= wanted, LONGEST_MS);
	await untilQuiet(stand);
	return (stand.cpuMs() - before) / (items * executions);
}

export const overhead: Scenario = {
	name: 'overhead',
	title: 'Create without waiting, beside the bare HTTP Request node',
	method:
		'Executions with 1, 100 and 1000 items, both with a ready-made API key, at a Kling with as many slots as asked for. CPU per item, less that of the same execution without the node. The HTTP Request node sends all at once, ours five at a time (Max Concurrent).',
	async run(bench) {
		const stand = await openStand(bench);
		try {
			const listening = {
				nothing: await stand.listen('nothing'),
				'http-request': await stand.listen('http-request'),
				'ours-create': await stand.listen('ours-create', { keys: 'apiKey' }),
			};
			for (const name of CONTENDERS)
				for (const size of SIZES) await cpuPerItem(stand, listening[name], name, size);
			const lines: Line[] = [];
			const perItem: Record<'http-request' | 'ours-create', number[]> = {
				'http-request': [],
				'ours-create': [],
			};
			for (const size of SIZES) {
				bench.say(` ${size.items} items`);
				const cpu = await interleaved(
					bench,
					bench.quick ? size.quickRounds : 5,
					CONTENDERS,
					async (name) => await cpuPerItem(stand, listening[name], name, size),
				);
				const own = (name: keyof typeof perItem) =>
					cpu[name].map((value, round) => value - (cpu.nothing[round] ?? NaN));
				for (const name of ['http-request', 'ours-create'] as const)
					perItem[name].push(median(own(name)));
				const ratio = ratioOfRounds(own('ours-create'), own('http-request'));
				lines.push(
					judged(
						{
							what: `CPU per created task, ${size.items} item${size.items === 1 ? '' : 's'}`,
							ours: `${short(median(own('ours-create')))} ms`,
							theirs: `HTTP Request node: ${short(median(own('http-request')))} ms`,
							ratio,
							inChart: true,
						},
						ratio,
						LIMIT,
					),
				);
			}
			const growth = (name: keyof typeof perItem) =>
				(perItem[name][2] ?? NaN) / (perItem[name][1] ?? NaN);
			lines.push(
				judged(
					{
						what: 'CPU per created task, 1000 items over 100 items',
						ours: short(growth('ours-create')),
						theirs: `HTTP Request node: ${short(growth('http-request'))}`,
					},
					growth('ours-create'),
					LIMIT,
					'flat in N',
				),
			);
			return {
				lines,
				notes: [
					'What the node does once an execution (its options, the credential, the check of all items before the first is sent) is not done again for each item.',
				],
			};
		} finally {
			await stand.close();
		}
	},
};
