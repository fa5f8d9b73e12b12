import type { INodeExecutionData } from 'n8n-workflow';
import { readTasks } from '../client/readTasks';
import { isFinal, type KlingTask } from '../client/task';
import { imageItems, type ImageSettings } from '../output/images';
import { taskOutput } from '../output/task';
import { addHint } from '../run/hint';
import type { OpenTask, Run, Settled } from '../run/operation';
import { startPolling, type Waited } from './poll';
import { pollingInstead } from './pollingInstead';
import type { WaitSettings } from './settings';

const CHECK_TIMEOUT_MS = 15_000;

/** Why a pause would never end. */
export const REUSED_TASK = 'a reused task was created by another execution, which Kling calls';

/**
 * Runs after all creates: checks once, because a callback that arrives before the pause is lost, and then pauses. A failed
 * check does not matter: Kling still calls. If Kling calls another execution instead, this one polls.
 * @param images settings for tasks that finish before any pause
 */
export async function parkUntilCallback(
	run: Run,
	settings: WaitSettings,
	images: ImageSettings,
	open: OpenTask[],
): Promise<Settled> {
	const checked = await checkOnce(run, open);
	const running = checked.filter(({ task }) => !isFinal(task));
	if (running.length === 0) return { items: await finish(run, checked, images) };
	if (running.every(({ isCalledBack }) => isCalledBack))
		return {
			items: checked.map(({ task, added }) => taskItem(task, isFinal(task), added)),
			parkUntil: Date.now() + settings.timeoutMs,
		};
	addHint(run.context, pollingInstead(REUSED_TASK));
	const polling = startPolling(run, run.kling.multiShot, settings);
	const wait = async ({ task }: OpenTask) =>
		await polling.wait({ id: task.task_id }, { task, isNew: false });
	return { items: await finish(run, checked, images, wait) };
}

/** What is parked. Files would be lost on the way through webhook(): they are fetched when the execution wakes. */
function taskItem(
	task: KlingTask,
	completed: boolean,
	added: OpenTask['added'],
): INodeExecutionData {
	return { json: taskOutput(task, { completed, ...added }) };
}

/** Each task separately: one that cannot be read fails only its own item. */
async function finish(
	{ context, kling, signal }: Run,
	open: OpenTask[],
	images: ImageSettings,
	wait?: (one: OpenTask) => Promise<Waited>,
): Promise<Array<INodeExecutionData | Error>> {
	const fetching = { context, isLocal: kling.isLocal, signal };
	const items = await Promise.all(
		open.map(async (one) => {
			const ended: Waited = { task: one.task, completed: isFinal(one.task) };
			try {
				const { task, completed } = wait && !ended.completed ? await wait(one) : ended;
				return await imageItems(fetching, task, { completed, ...one.added }, images);
			} catch (error) {
				return [error as Error];
			}
		}),
	);
	return items.flat();
}

async function checkOnce({ kling }: Run, open: OpenTask[]): Promise<OpenTask[]> {
	const ids = [
		...new Set(open.filter(({ task }) => !isFinal(task)).map(({ task }) => task.task_id)),
	];
	const seen = await readTasks(kling.multiShot, ids, CHECK_TIMEOUT_MS);
	return open.map((one) => {
		const result = seen.get(one.task.task_id);
		return result && 'value' in result ? { ...one, task: result.value } : one;
	});
}
