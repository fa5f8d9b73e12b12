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

/**
 * After all creates: one check, since a callback that comes while the execution is running is lost; then the pause. A
 * check that fails changes nothing: Kling still calls. Where Kling calls another execution, polling takes its place.
 * @param images downloaded for what ended before any pause
 */
export async function parkUntilCallback(
	run: Run,
	settings: WaitSettings,
	images: ImageSettings,
	open: OpenTask[],
): Promise<Settled> {
	const checked = await checkOnce(run, open);
	const running = checked.filter(({ task }) => !isFinal(task));
	if (running.length === 0)
		return { items: await finishedItems(run, checked.map(toWaited), images, open) };
	if (running.every(({ isCalledBack }) => isCalledBack))
		return {
			items: checked.map(({ task, added }) => taskItem(task, isFinal(task), added)),
			parkUntil: Date.now() + settings.timeoutMs,
		};
	addHint(
		run.context,
		pollingInstead('a reused task was created by another execution, which Kling calls'),
	);
	const polling = startPolling(run, run.kling.multiShot, settings);
	const waited = await Promise.all(
		checked.map(async (one) =>
			isFinal(one.task)
				? toWaited(one)
				: await polling.wait({ id: one.task.task_id }, { task: one.task, isNew: false }),
		),
	);
	return { items: await finishedItems(run, waited, images, open) };
}

/** What is parked. Files would be lost on the way through webhook(): they are fetched when the execution wakes. */
export function taskItem(
	task: KlingTask,
	completed: boolean,
	added: OpenTask['added'],
): INodeExecutionData {
	return { json: taskOutput(task, { completed, ...added }) };
}

function toWaited({ task }: OpenTask): Waited {
	return { task, completed: isFinal(task) };
}

async function finishedItems(
	{ context, kling, signal }: Run,
	waited: Waited[],
	images: ImageSettings,
	open: OpenTask[],
): Promise<INodeExecutionData[]> {
	const fetching = { context, isLocal: kling.isLocal, signal };
	const items = await Promise.all(
		waited.map(async ({ task, completed }, position) => {
			const added = { completed, ...open[position]?.added };
			return await imageItems(fetching, task, added, images);
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
