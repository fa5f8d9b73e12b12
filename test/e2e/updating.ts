import { outputOf, type Item } from '../support/n8n';
import { settle } from '../support/tally';
import { after, finish, itemsNode, klingNode, pausingItems, run } from './pausing';
import type { Stage } from './stage';

const ITEMS = 2;
/** n8n keeps no shorter pause on the second. */
const PAUSE_S = 65;
const LATEST_MS = 180_000;

interface Paused {
	executionId: string;
	/** In the order of the items. */
	ids: string[];
}

export interface Parked {
	/** To be woken by callbacks. */
	called: Paused;
	/** Pause Until Callback, for which Kling never calls. */
	late: Paused;
	/** Pause Between Checks. */
	timer: Paused;
}

/** Parks one execution in each way, by the version that is installed. */
export async function parkAll(stage: Stage): Promise<Parked> {
	const { api, kling } = stage;
	kling.reset();
	kling.slots = 10;
	const pausing = async (...nodes: Parameters<typeof run>[1][]): Promise<string> => {
		const executionId = await run(stage, ...nodes, after);
		await api.waitFor(executionId, ['waiting'], 30_000);
		return executionId;
	};
	const create = async (timeout: number): Promise<Paused> => {
		const before = kling.tasks.length;
		const options = { timeout, maxConcurrent: 1 };
		const executionId = await pausing(...pausingItems(stage, ITEMS, { options }));
		return { executionId, ids: kling.tasks.slice(before).map(({ task_id }) => task_id) };
	};
	const { task_id } = kling.createTask({ status: 'processing' });
	const taskId = { __rl: true, mode: 'id', value: '={{ $json.task_id }}' };
	const options = { timerInterval: PAUSE_S };
	const wait = klingNode({ operation: 'wait', waitMode: 'timer', taskId, options });
	const timer = { executionId: await pausing(itemsNode([{ task_id }]), wait), ids: [task_id] };
	return { timer, late: await create(PAUSE_S), called: await create(600) };
}

/**
 * Each ends with its tasks.
 * @param files of a woken task: none where 0.1.0 has parked it or wakes it
 */
export async function expectAllEnd(
	stage: Stage,
	parked: Parked,
	what: string,
	files = 0,
): Promise<void> {
	const { kling } = stage;
	for (const id of parked.called.ids) await finish(kling, id);
	const ended = { called: true, late: false, timer: false };
	for (const [way, completed] of Object.entries(ended) as Array<[keyof Parked, boolean]>) {
		const { executionId, ids } = parked[way];
		const execution = await stage.api.waitUntilFinished(executionId, LATEST_MS);
		expect([way, execution.status]).toEqual([way, 'success']);
		const items = outputOf(execution, after.name);
		expect(items.map(({ json }) => [json['task_id'], json['completed']])).toEqual(
			ids.map((id) => [id, completed]),
		);
		for (const item of items) expectTask(item, completed ? files : 0);
	}
	expect(kling.deliveries.map(({ status }) => status)).not.toContain(404);
	settle(what, {
		wanted: 2 * ITEMS,
		charged: kling.counters.tasksCharged,
		found: [...parked.called.ids, ...parked.late.ids],
	});
}

function expectTask({ json, binary = {} }: Item, files: number): void {
	expect(Object.keys(binary)).toHaveLength(files);
	expect(json).not.toHaveProperty('download_errors');
	if (json['completed'] === true)
		expect(json).toMatchObject({
			task_status: 'succeed',
			expires_at: expect.any(String) as string,
			task_result: { images: expect.any(Array) as unknown[] },
		});
}
