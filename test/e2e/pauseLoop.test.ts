import { failureOf, outputOf, readExample, withValues, type Execution } from '../support/n8n';
import { numbered } from './creating';
import { after, itemsNode, pausingNode, run } from './pausing';
import { openStage, type Stage } from './stage';

/** n8n keeps no shorter pause on the second. Both pauses here begin at once, and are waited for one after the other. */
const PAUSE_MS = 65_000;
const LATEST_MS = 120_000;

interface Paused {
	stage: Stage;
	executionId: string;
	/** Unix milliseconds. */
	since: number;
}

const open: Stage[] = [];
let loop: Paused;
let deadline: Paused;

beforeAll(async () => {
	loop = await paused(startLoop);
	deadline = await paused(startThree);
}, 60_000);
afterAll(async () => await Promise.all(open.map(async (stage) => await stage.close())));

async function paused(begin: (stage: Stage) => Promise<string>): Promise<Paused> {
	const stage = await openStage();
	open.push(stage);
	const executionId = await begin(stage);
	await stage.api.waitFor(executionId, ['waiting'], 30_000);
	return { stage, executionId, since: Date.now() };
}

/** The example as it is, but for the image. */
async function startLoop({ api, imageUrl, put }: Stage): Promise<string> {
	const example = await readExample('pause-with-if-loop');
	const { id } = await put(withValues(example, 'Image', { imageUrl: imageUrl }));
	return await api.run(id, 'Start');
}

/** The first task finishes before the check that precedes the pause, the others never. */
async function startThree(stage: Stage): Promise<string> {
	const { kling } = stage;
	kling.fault({ on: 'list', kind: 'slow', delayMs: 1_500 });
	const create = pausingNode(stage, { timeout: PAUSE_MS / 1000, maxConcurrent: 1 });
	const executionId = await run(stage, itemsNode(numbered(3)), create, after);
	await kling.until(() => kling.count('list') === 1, 30_000);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	return executionId;
}

async function finished({ stage, executionId, since }: Paused): Promise<Execution> {
	const execution = await stage.api.waitUntilFinished(executionId, LATEST_MS);
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	const stopped = Date.parse(String(execution.stoppedAt));
	console.log(`Paused for ${PAUSE_MS / 1000} s, over after ${(stopped - since) / 1000} s`);
	expect(stopped - since).toBeGreaterThan(PAUSE_MS - 2_000);
	return execution;
}

it(
	'the example with the loop: checks, pauses, checks again, and outputs nine images',
	async () => {
		const { kling } = loop.stage;
		const [task] = kling.tasks;
		expect(kling.count('get')).toBe(1);
		await kling.move(task?.task_id ?? '', 'succeed');
		const execution = await finished(loop);
		const checks = execution.data.resultData.runData['Wait for Task'] ?? [];
		const seen = checks.map(({ data }) => data?.main?.[0]?.map(({ json }) => json['completed']));
		expect(seen).toEqual([[false], [true]]);
		const images = outputOf(execution, 'Get Images');
		expect(images).toHaveLength(9);
		for (const { binary, json } of images) {
			expect(json['task_id']).toBe(task?.task_id);
			expect(binary?.['data']?.mimeType).toBe('image/png');
		}
		expect(outputOf(execution, 'Reason')).toEqual([]);
		expect(kling.counters.tasksCharged).toBe(1);
		// Two checks, and Get Task.
		expect(kling.count('get')).toBe(3);
	},
	LATEST_MS + 10_000,
);

it(
	'Pause Until Callback at its deadline: what is not known to have finished says so',
	async () => {
		const execution = await finished(deadline);
		const items = outputOf(execution, after.name);
		expect(items.map(({ json }) => [json['completed'], json['task_status']])).toEqual([
			[true, 'succeed'],
			[false, 'submitted'],
			[false, 'submitted'],
		]);
		const ids = deadline.stage.kling.tasks.map(({ task_id }) => task_id);
		expect(items.map(({ json }) => json['task_id'])).toEqual(ids);
	},
	LATEST_MS + 10_000,
);
