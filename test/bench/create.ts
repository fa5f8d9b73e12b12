import axios from 'axios';
import { picture, startKling, type Kling } from '../kling';
import { startEngine } from '../support/engine';
import { credentialFor } from '../support/stage';

/** Forty creates on an account with five slots: the total time over a greedy schedule that knows all durations, and the creates sent for each task. */

const ITEMS = 40;
const SLOTS = 5;
const DURATION_MS = [3_000, 8_000] as const;
const ROUNDS = 3;
const TARGET = { time: 1.15, creates: 1.3 };

interface Result {
	/** Total time over the lower bound. */
	time: number;
	/** POSTs for each task. */
	creates: number;
}

type Contender = (kling: Kling, imageBase64: string) => Promise<void>;

async function ours(kling: Kling, imageBase64: string): Promise<void> {
	const engine = await startEngine({ nodeTypes: 'dist' });
	try {
		const run = await engine.runNode({
			credentials: { klingApi: credentialFor(kling) },
			items: Array.from({ length: ITEMS }, (_, item) => ({ json: { item } })),
			parameters: {
				operation: 'create',
				imageSource: 'base64',
				imageBase64,
				waitForCompletion: false,
			},
		});
		if (run.error) throw new Error(run.error.message);
	} finally {
		engine.stop();
	}
}

/** Kling's own advice: five workers, each of which doubles its pause from 1 s, with full jitter. */
async function plainBackoff(kling: Kling, imageBase64: string): Promise<void> {
	const left = Array.from({ length: ITEMS }, (_, item) => item);
	const worker = async () => {
		while (left.shift() !== undefined) {
			for (let tries = 1; !(await createOnce(kling, imageBase64)); tries++)
				await pause(Math.random() * Math.min(1_000 * 2 ** tries, 30_000));
		}
	};
	await Promise.all(Array.from({ length: SLOTS }, worker));
}

async function createOnce(kling: Kling, element_frontal_image: string): Promise<boolean> {
	const response = await axios.post<{ code: number }>(
		`${kling.baseUrl}/v1/general/ai-multi-shot`,
		{ element_frontal_image },
		{ headers: { Authorization: `Bearer ${kling.apiKey}` }, validateStatus: () => true },
	);
	if (response.data.code !== 0 && response.data.code !== 1303)
		throw new Error(`Kling says ${response.data.code}`);
	return response.data.code === 0;
}

async function measure(contender: Contender, seed: number, imageBase64: string): Promise<Result> {
	const kling = await startKling({ mode: 'auto', durationMs: DURATION_MS, slots: SLOTS, seed });
	try {
		const startedAt = Date.now();
		await contender(kling, imageBase64);
		await kling.until(() => kling.tasks.every(({ status }) => status === 'succeed'), 60_000);
		const totalMs = Date.now() - startedAt;
		const durations = kling.tasks.map(({ durationMs = 0 }) => durationMs);
		return {
			time: totalMs / greedyMs(durations),
			creates: kling.count('create') / kling.tasks.length,
		};
	} finally {
		await kling.close();
	}
}

/** Each task begins on the slot that is free first, with no time lost between. */
function greedyMs(durations: number[]): number {
	const slots = Array<number>(SLOTS).fill(0);
	for (const duration of durations) {
		const first = slots.indexOf(Math.min(...slots));
		slots[first] = (slots[first] ?? 0) + duration;
	}
	return Math.max(...slots);
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function pause(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

async function main(): Promise<void> {
	const imageBase64 = (await picture({ width: 300, height: 300, type: 'png' })).toString('base64');
	const results: Record<'ours' | 'backoff', Result[]> = { ours: [], backoff: [] };
	console.log(`${ITEMS} creates, ${SLOTS} slots, tasks of 3 to 8 s, ${ROUNDS} rounds`);
	for (let seed = 1; seed <= ROUNDS; seed++) {
		results.ours.push(await measure(ours, seed, imageBase64));
		results.backoff.push(await measure(plainBackoff, seed, imageBase64));
		for (const name of ['ours', 'backoff'] as const) {
			const { time, creates } = results[name][seed - 1] ?? { time: NaN, creates: NaN };
			console.log(
				`round ${seed}, ${name.padEnd(7)}: ${time.toFixed(3)} of the lower bound, ${creates.toFixed(3)} creates a task`,
			);
		}
	}
	const time = median(results.ours.map((result) => result.time));
	const creates = median(results.ours.map((result) => result.creates));
	const ratio = median(
		results.ours.map((result, round) => result.time / (results.backoff[round]?.time ?? NaN)),
	);
	console.log(
		`median: ${time.toFixed(3)} (target ${TARGET.time}), ${creates.toFixed(3)} creates a task (target ${TARGET.creates}), ${ratio.toFixed(3)} of the time of plain backoff`,
	);
	if (!(time <= TARGET.time && creates <= TARGET.creates)) process.exitCode = 1;
}

void main();
