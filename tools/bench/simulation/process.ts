import axios from 'axios';

import { makeImage, seededRandom, startKling, type Kling } from '../../../test/kling';
import { startEngine } from '../../../test/support/engine';
import { credentialFor } from '../../../test/support/stage';
import { greedyMs } from '../greedy';
import { scaleClock } from './scaledClock';

/** A process whose clock runs faster; prints the result of one contender. Requests take real time, so they count that many times as much. */

export interface Given {
	contender: 'ours' | 'backoff';
	seed: number;
	items: number;
	slots: number;
	durationMs: readonly [number, number];
	timesAsFast: number;
}

export interface Simulated {
	/** From the first create to the last end, by the faster clock. */
	totalMs: number;
	/** The same over the lower bound. */
	time: number;
	/** POSTs for each task. */
	creates: number;
}

const LONGEST_MS = 3_600_000;

async function ours(kling: Kling, { items }: Given, imageBase64: string): Promise<void> {
	const engine = await startEngine({ nodeTypes: 'dist' });
	try {
		const run = await engine.runNode({
			credentials: { klingApi: credentialFor(kling) },
			items: Array.from({ length: items }, (_, item) => ({ json: { item } })),
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

/** As Kling advises: a worker per slot, which doubles its pause from 1 s, with full jitter. */
async function backoff(kling: Kling, given: Given, imageBase64: string): Promise<void> {
	const left = Array.from({ length: given.items }, (_, item) => item);
	const random = seededRandom(given.seed);
	const worker = async () => {
		while (left.shift() !== undefined) {
			for (let tries = 1; !(await createOnce(kling, imageBase64)); tries++)
				await pause(random() * Math.min(1_000 * 2 ** tries, 30_000));
		}
	};
	await Promise.all(Array.from({ length: given.slots }, worker));
}

async function createOnce(kling: Kling, element_frontal_image: string): Promise<boolean> {
	const response = await axios.post<{ code: number }>(
		`${kling.baseUrl}/v1/general/ai-multi-shot`,
		{ element_frontal_image },
		{ headers: { Authorization: `Bearer ${kling.apiKey}` }, validateStatus: () => true },
	);
	if (response.data.code !== 0 && response.data.code !== 1303)
		throw new Error(`Kling answered with code ${response.data.code}`);
	return response.data.code === 0;
}

/** By the faster clock, unlike that of node:timers/promises. */
async function pause(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

async function simulate(given: Given): Promise<Simulated> {
	const image = await makeImage({ width: 300, height: 300, type: 'png' });
	// Loads the engine before the clock is scaled.
	(await startEngine({ nodeTypes: 'dist' })).stop();
	scaleClock(given.timesAsFast);
	const { durationMs, slots, seed } = given;
	const kling = await startKling({ mode: 'auto', durationMs, slots, seed });
	try {
		const contender = given.contender === 'ours' ? ours : backoff;
		await contender(kling, given, image.toString('base64'));
		await kling.until(() => kling.tasks.every(({ status }) => status === 'succeed'), LONGEST_MS);
		const { tasks } = kling;
		const begin = Math.min(...tasks.map(({ created_at }) => created_at));
		const end = Math.max(...tasks.map(({ updated_at }) => updated_at));
		const durations = tasks.map((task) => task.durationMs ?? 0);
		return {
			totalMs: end - begin,
			time: (end - begin) / greedyMs(durations, slots),
			creates: kling.count('create') / tasks.length,
		};
	} finally {
		await kling.close();
	}
}

void simulate(JSON.parse(process.argv[2] ?? '') as Given).then((result) => {
	console.log(JSON.stringify(result));
	process.exit();
});
