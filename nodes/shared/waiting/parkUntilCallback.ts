import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { lookAtTasks } from '../client/readTasks';
import { isFinal, readTask, type KlingTask } from '../client/task';
import { asText } from '../lib/values';
import { taskOutput } from '../output/task';
import { park } from './park';
import { startPolling } from './poll';
import { hintPollingInstead } from './pollingInstead';
import type { WaitSettings } from './settings';

export interface Pausing {
	/** A task of another execution, which Kling does not call us for. */
	noCallbackFor: (task: KlingTask) => void;
	/** After all creates: one look, since a callback that came while the execution was active is lost; then the pause. */
	finish: (items: INodeExecutionData[]) => Promise<INodeExecutionData[]>;
}

const LOOK_TIMEOUT_MS = 15_000;

export function startPausing(context: IExecuteFunctions, settings: WaitSettings): Pausing {
	const uncalled = new Set<string>();

	async function finish(items: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const looked = await lookOnce(context, items);
		const open = looked.filter(({ json }) => json.completed === false);
		if (open.length === 0) return looked;
		if (!open.some(({ json }) => uncalled.has(asText(json.task_id))))
			return await park(context, looked, Date.now() + settings.timeoutMs);
		hintPollingInstead(context, 'a reused task was made by another execution, which Kling calls');
		return await pollFor(looked);
	}

	async function pollFor(items: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const polling = startPolling(context, settings);
		return await Promise.all(
			items.map(async (item) => {
				const known = readTask(item.json);
				if (!known || item.json.completed === true) return item;
				const { task, completed } = await polling.wait(known.task_id, known);
				return { ...item, json: output(item.json, task, completed) };
			}),
		);
	}

	return { noCallbackFor: ({ task_id }) => void uncalled.add(task_id), finish };
}

async function lookOnce(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const known = items.map(({ json }) => readTask(json));
	const open = known.filter((task) => task !== undefined && !isFinal(task));
	const ids = [...new Set(open.map((task) => task?.task_id ?? ''))];
	const seen = await lookAtTasks(context, ids, LOOK_TIMEOUT_MS);
	return items.map((item, position) => {
		const before = known[position];
		if (!before) return item;
		const result = seen.get(before.task_id);
		const task = result && 'value' in result ? result.value : before;
		return { ...item, json: output(item.json, task, isFinal(task)) };
	});
}

/** The item of a task that was seen again. */
export function output({ reused }: IDataObject, task: KlingTask, completed: boolean): IDataObject {
	return taskOutput(task, { completed, ...(reused === true && { reused }) });
}
