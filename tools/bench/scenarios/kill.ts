import { setTimeout as pause } from 'node:timers/promises';

import type { Bench } from '../bench';
import { judged, told, type Scenario } from '../scenario';
import { forkKling } from '../stand/remoteKling';
import { openStand, type Listening, type Stand } from '../stand/stand';
import { until } from '../stand/waiting';
import { picturesOf } from '../stand/window';

const CONTENDERS = ['polling', 'resume-url', 'ours-survives'] as const;
type Contender = (typeof CONTENDERS)[number];

const ITEMS = 10;
/** n8n is killed when so many tasks have been made: some executions wait, some are making theirs. */
const KILLED_AT = 8;
const APART_MS = 400;
const DURATION_MS = [10_000, 20_000] as const;
const WITHIN_MS = 180_000;

interface Outcome {
	/** Of the pictures, without anybody's help, among those whose execution had made its task. */
	aloneShare: number;
	/** Of all pictures, after those that had crashed were run again. */
	finishedShare: number;
	paidTwice: number;
}

interface Picture {
	id: string;
}

async function pictureOf(stand: Stand, executionId: string): Promise<string> {
	const { data } = await stand.execution(executionId);
	const [item] = data.resultData.runData['Pictures']?.[0]?.data?.main?.[0] ?? [];
	return String(item?.json['id'] ?? '');
}

async function picturesWith(
	stand: Stand,
	{ executionIds }: Listening,
	status: 'waiting' | 'success' | 'running',
): Promise<string[]> {
	const pictures: string[] = [];
	for (const id of await executionIds(status)) pictures.push(await pictureOf(stand, id));
	return pictures.filter((id) => id !== '');
}

async function survive(bench: Bench, contender: Contender): Promise<Outcome> {
	const remote = forkKling();
	const kling = { durationMs: DURATION_MS, seed: bench.seed };
	const stand = await openStand(bench, { kling, remote });
	try {
		const listening = await stand.listen(contender);
		const pictures = picturesOf(stand, ITEMS) as Picture[];
		const made = async () => (await stand.kling.report()).tasks.length;
		const starting = (async () => {
			for (const picture of pictures) {
				await listening.start({ pictures: [picture] }).catch(() => undefined);
				await pause(APART_MS);
			}
		})();
		await until(`${KILLED_AT} tasks`, async () => (await made()) >= KILLED_AT, 60_000, 20);
		await stand.crash();
		await starting;
		const madeBefore = await made();
		await stand.restart();

		const kept = new Set([
			...(await picturesWith(stand, listening, 'waiting')),
			...(await picturesWith(stand, listening, 'success')),
			...(await picturesWith(stand, listening, 'running')),
		]);
		const again = pictures.filter(({ id }) => !kept.has(id));
		bench.say(`  ${contender}: ${kept.size} of ${ITEMS} executions have survived`);
		for (const picture of again) await listening.start({ pictures: [picture] });
		let finished = new Set<string>();
		await until(
			`${ITEMS} pictures`,
			async () => {
				finished = new Set(await picturesWith(stand, listening, 'success'));
				return finished.size >= ITEMS;
			},
			WITHIN_MS,
			3_000,
		).catch(() => undefined);
		return {
			aloneShare: [...kept].filter((id) => finished.has(id)).length / madeBefore,
			finishedShare: pictures.filter(({ id }) => finished.has(id)).length / ITEMS,
			paidTwice: (await made()) - ITEMS,
		};
	} finally {
		await stand.close();
		remote.close();
	}
}

/** Each picture that was paid twice is one that was not paid once. */
const onceShare = ({ finishedShare, paidTwice }: Outcome) => finishedShare - paidTwice / ITEMS;
const percent = (share: number) => `${Math.round(share * 100)} %`;

export const kill: Scenario = {
	name: 'kill',
	title: 'After kill -9 in mid-flight',
	method: `${ITEMS} executions with one picture each begin ${APART_MS} ms apart; when ${KILLED_AT} tasks have been made, n8n is killed with -9 and started again at once, while tasks of 10 to 20 s end in between and call nobody. Then a person runs those pictures again whose execution has not survived. Ours is Pause Until Callback with a Timeout of 65 s, an External Task ID from the data, and Wait for Task where no callback came ([ours-survives](../tools/bench/workflows/ours-survives.json)).`,
	async run(bench) {
		const outcomes = Object.fromEntries(
			await Promise.all(
				CONTENDERS.map(async (name) => [name, await survive(bench, name)] as const),
			),
		) as Record<Contender, Outcome>;
		const { polling, 'resume-url': resumeUrl, 'ours-survives': ours } = outcomes;
		return {
			lines: [
				judged(
					{
						what: 'Finished, and paid once, after kill -9',
						ours: percent(onceShare(ours)),
						theirs: `built-in, polling: ${percent(onceShare(polling))}; resume URL: ${percent(onceShare(resumeUrl))}`,
					},
					1 - onceShare(ours),
					0,
					'100 %',
				),
				judged(
					{
						what: `Paid twice, of ${ITEMS}`,
						ours: String(ours.paidTwice),
						theirs: `built-in, polling: ${polling.paidTwice}; resume URL: ${resumeUrl.paidTwice}`,
					},
					ours.paidTwice,
					0,
					'0',
				),
				told({
					what: 'Paid tasks that finished without being run again',
					ours: percent(ours.aloneShare),
					theirs: `built-in, polling: ${percent(polling.aloneShare)}; resume URL: ${percent(resumeUrl.aloneShare)}`,
				}),
			],
			notes: [
				"An execution that is making its task when n8n dies is lost, with this package too: n8n does not run it again. What differs is that running it again finds the task by its External Task ID and pays nothing. A parked execution survives with n8n's own Wait On Webhook Call as well.",
			],
		};
	},
};
