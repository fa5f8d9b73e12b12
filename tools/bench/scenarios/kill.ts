import { setTimeout as pause } from 'node:timers/promises';

import type { Bench } from '../bench';
import { compared, withTarget, type Scenario } from '../scenario';
import { forkKling } from '../stand/remoteKling';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { until } from '../stand/waiting';
import { imagesOf } from '../stand/window';

const CONTENDERS = ['polling', 'resume-url', 'ours-survives'] as const;
type Contender = (typeof CONTENDERS)[number];

const ITEMS = 10;
/** n8n is killed at this number of tasks: some executions wait then, others are creating theirs. */
const KILLED_AT = 8;
const APART_MS = 400;
const DURATION_MS = [10_000, 20_000] as const;
const WITHIN_MS = 180_000;

interface Outcome {
	/** Tasks at the moment of the kill, and how many of their executions finished without being run again. */
	tasks: number;
	survived: number;
	/** Images, after those whose execution was lost were run again. */
	finished: number;
	chargedTwice: number;
}

interface Image {
	id: string;
}

async function imageOf(stand: Stand, executionId: string): Promise<string> {
	const { data } = await stand.execution(executionId);
	const [item] = data.resultData.runData['Images']?.[0]?.data?.main?.[0] ?? [];
	return String(item?.json['id'] ?? '');
}

async function imagesWith(
	stand: Stand,
	{ executionIds }: Listening,
	status: 'waiting' | 'success' | 'running',
): Promise<string[]> {
	const images: string[] = [];
	for (const id of await executionIds(status)) images.push(await imageOf(stand, id));
	return images.filter((id) => id !== '');
}

async function survive(bench: Bench, contender: Contender): Promise<Outcome> {
	const remote = forkKling();
	const kling = { durationMs: DURATION_MS, seed: bench.seed };
	const stand = await openStand(bench, { kling, remote });
	try {
		const listening = await stand.listen(contender);
		const images = imagesOf(stand, ITEMS) as Image[];
		const created = async () => (await stand.kling.report()).tasks.length;
		const starting = (async () => {
			for (const image of images) {
				await listening.start({ images: [image] }).catch(() => undefined);
				await pause(APART_MS);
			}
		})();
		await until(`${KILLED_AT} tasks`, async () => (await created()) >= KILLED_AT, 60_000, 20);
		await stand.crash();
		await starting;
		const tasks = await created();
		await stand.restart();

		const kept = new Set([
			...(await imagesWith(stand, listening, 'waiting')),
			...(await imagesWith(stand, listening, 'success')),
			...(await imagesWith(stand, listening, 'running')),
		]);
		bench.say(`  ${contender}: ${kept.size} of ${ITEMS} executions have survived`);
		for (const image of images) if (!kept.has(image.id)) await listening.start({ images: [image] });
		let finished = new Set<string>();
		await until(
			`${ITEMS} images`,
			async () => {
				finished = new Set(await imagesWith(stand, listening, 'success'));
				return finished.size >= ITEMS;
			},
			WITHIN_MS,
			3_000,
		).catch(() => undefined);
		return {
			tasks,
			survived: [...kept].filter((id) => finished.has(id)).length,
			finished: images.filter(({ id }) => finished.has(id)).length,
			chargedTwice: (await created()) - ITEMS,
		};
	} finally {
		await stand.close();
		remote.close();
	}
}

/** An image that was charged twice was not charged once. */
const once = ({ finished, chargedTwice }: Outcome) => finished - chargedTwice;
const shown = (part: number, all: number) =>
	`${part} of ${all} (${Math.round((part / all) * 100)} %)`;
const survivors = ({ survived, tasks }: Outcome) => shown(survived, tasks);

export const kill: Scenario = {
	name: 'kill',
	title: 'After kill -9 in mid-flight',
	method: `${ITEMS} executions with one image each start ${APART_MS} ms apart. When ${KILLED_AT} tasks have been created, n8n is killed with -9 and started again at once. Tasks take 10 to 20 s, so that some end while n8n is down. Then every image whose execution was lost is run again by hand. This package uses Pause Until Callback with a Timeout of 65 s, an External Task ID from the data, and Wait for Task if no callback came ([ours-survives](../tools/bench/workflows/ours-survives.json)).`,
	async run(bench) {
		const outcomes = Object.fromEntries(
			await Promise.all(
				CONTENDERS.map(async (name) => [name, await survive(bench, name)] as const),
			),
		) as Record<Contender, Outcome>;
		const { polling, 'resume-url': resumeUrl, 'ours-survives': ours } = outcomes;
		const theirs = (show: (outcome: Outcome) => string) =>
			`built-in, polling: ${show(polling)}; resume URL: ${show(resumeUrl)}`;
		return {
			lines: [
				withTarget(
					{
						what: 'Finished and charged once, after kill -9',
						ours: shown(once(ours), ITEMS),
						theirs: theirs((outcome) => shown(once(outcome), ITEMS)),
					},
					ITEMS - once(ours),
					0,
					'100 %',
				),
				withTarget(
					{
						what: `Charged twice, of ${ITEMS}`,
						ours: String(ours.chargedTwice),
						theirs: theirs(({ chargedTwice }) => String(chargedTwice)),
					},
					ours.chargedTwice,
					0,
					'0',
				),
				compared({
					what: 'Charged tasks that finished without being run again',
					ours: survivors(ours),
					theirs: theirs(survivors),
				}),
			],
			notes: [
				"An execution that is creating its task when n8n dies is lost, with this package too: n8n does not run it again. The difference is that running it again finds the task by its External Task ID, so nothing is charged. n8n's own Wait On Webhook Call keeps a parked execution as well.",
			],
		};
	},
};
