import { failureOf, type Execution, type Item, type Workflow } from '../support/n8n';
import { settle } from '../support/tally';
import { node, start } from './nodes';
import { after, itemsNode, klingNode } from './pausing';
import { openStage, type Stage } from './stage';

/** n8n keeps no shorter pause on the second. Both executions pause at once, and one is waited for after the other. */
const PAUSE_S = 65;
const LATEST_MS = 120_000;

const failed = node('Failed', 'n8n-nodes-base.noOp', 1);

interface Paused {
	stage: Stage;
	executionId: string;
	/** In the order of the items. */
	ids: string[];
}

const open: Stage[] = [];
let called: Paused;
let deadline: Paused;

beforeAll(async () => {
	called = await paused();
	deadline = await paused();
}, 60_000);
afterAll(async () => await Promise.all(open.map(async (stage) => await stage.close())));

/** On Error is "Continue (using error output)", and the item in the middle is refused before anything is sent. */
function workflow({ imageUrl }: Stage): Workflow {
	const items = [imageUrl, 'no address', imageUrl].map((imageUrl) => ({ imageUrl }));
	const pausing = klingNode({
		operation: 'create',
		imageUrl: '={{ $json.imageUrl }}',
		waitMode: 'callback',
		options: { timeout: PAUSE_S, maxConcurrent: 1 },
	});
	const to = (name: string) => ({ node: name, type: 'main', index: 0 });
	return {
		name: 'A pause with an error output',
		nodes: [start, itemsNode(items), { ...pausing, onError: 'continueErrorOutput' }, after, failed],
		connections: {
			Start: { main: [[to('Items')]] },
			Items: { main: [[to('Kling')]] },
			Kling: { main: [[to(after.name)], [to(failed.name)]] },
		},
	};
}

async function paused(): Promise<Paused> {
	const stage = await openStage();
	open.push(stage);
	const { id } = await stage.put(workflow(stage));
	const executionId = await stage.api.run(id, 'Start');
	await stage.api.waitFor(executionId, ['waiting'], 30_000);
	return { stage, executionId, ids: stage.kling.tasks.map(({ task_id }) => task_id) };
}

async function finished({ stage, executionId }: Paused): Promise<Execution> {
	const execution = await stage.api.waitUntilFinished(executionId, LATEST_MS);
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	return execution;
}

/** Of both outputs. */
function itemsOf({ data }: Execution): { succeeded: Item[]; failed: Item[] } {
	const [succeeded = [], failures = []] =
		data.resultData.runData['Kling']?.at(-1)?.data?.main ?? [];
	return { succeeded: succeeded ?? [], failed: failures ?? [] };
}

function expectAll(scenario: string, { stage, ids }: Paused, items: Item[], refused: Item[]): void {
	settle(scenario, {
		wanted: 2,
		charged: stage.kling.counters.tasksCharged,
		found: items.map(({ json }) => String(json['task_id'])),
	});
	expect(items.map(({ json }) => json['task_id'])).toEqual(ids);
	expect(refused.map(({ json }) => json)).toEqual([
		{
			imageUrl: 'no address',
			error: expect.stringContaining('Image URL') as string,
			details: expect.stringContaining('Enter the complete address') as string,
		},
	]);
}

it('the last callback wakes it: the tasks come out with their files, and the item that failed as an error', async () => {
	const { stage, ids } = called;
	for (const id of ids) await stage.kling.move(id, 'succeed');
	const execution = await finished(called);
	const { succeeded, failed: refused } = itemsOf(execution);
	expectAll('Error output, woken by callbacks', called, succeeded, refused);
	for (const { json, binary } of succeeded) {
		expect(json).toMatchObject({ completed: true, task_status: 'succeed' });
		expect(Object.keys(binary ?? {})).toHaveLength(9);
	}
}, 60_000);

it(
	'at the deadline no item is lost',
	async () => {
		const { succeeded, failed: refused } = itemsOf(await finished(deadline));
		expectAll('Error output, at the deadline', deadline, succeeded, refused);
		for (const { json } of succeeded) expect(json).toMatchObject({ completed: false });
	},
	LATEST_MS + 10_000,
);
