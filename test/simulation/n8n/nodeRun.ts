import type { INode, INodeExecutionData } from 'n8n-workflow';
import type { ExecutionRecord, ReadError, TryRecord } from '../record';
import type { Sim } from '../sim';
import type { Stack } from './context';
import { placeOf } from './parameters';
import type { SimProcess } from './process';
import { stored } from './rules';

/** What n8n's database holds of a paused execution. */
export interface Parked {
	execution: ExecutionRecord;
	items: INodeExecutionData[];
	input: INodeExecutionData[];
	until: number;
	runIndex: number;
	places: TryRecord['places'];
	/** Goes on with these items; false where something else already did. */
	resume: (items: INodeExecutionData[]) => boolean;
}

export interface NodeRun {
	sim: Sim;
	process: SimProcess;
	execution: ExecutionRecord;
	stopping: AbortController;
	node: INode;
	input: INodeExecutionData[];
	runIndex: number;
	/** As a tool n8n raises the run index at each try. */
	raisesRunIndex: boolean;
	onParked: (parked: Parked) => void;
}

export function beginTry(
	{ sim, execution, process, runIndex, raisesRunIndex }: NodeRun,
	stack: Stack,
	number: number,
): TryRecord {
	const input = stack.data.main[0] ?? [];
	const tryCount = execution.tries.length;
	const record: TryRecord = {
		execution: execution.id,
		process: process.name,
		runIndex: runIndex + (raisesRunIndex ? number : 0),
		number,
		startedAt: sim.time.now(),
		startedSeq: sim.nextSeq(),
		input: stored(input),
		places: input.map((item) => placeOf(item, tryCount)),
		hints: [],
	};
	execution.tries.push(record);
	return record;
}

export function endTry(
	{ sim }: NodeRun,
	try_: TryRecord,
	data: INodeExecutionData[][] | undefined,
	error: Error | undefined,
): void {
	try_.endedAt = sim.time.now();
	try_.endedSeq = sim.nextSeq();
	if (data) try_.output = stored(data[0] ?? []);
	if (error) try_.error = describe(error);
	try_.finalTasks = finalTasks(sim);
}

export function finalTasks({ kling }: Sim): Set<string> {
	const final = kling.tasks.filter(({ task_id }) => kling.isFinalNow(task_id));
	return new Set(final.map(({ task_id }) => task_id));
}

export function describe(error: Error | undefined): ReadError {
	const {
		message = 'no data',
		description,
		context,
	} = (error ?? {}) as Partial<Error> & {
		description?: string | null;
		context?: { itemIndex?: number };
	};
	const itemIndex = context?.itemIndex;
	return {
		message,
		description: (description ?? '').replaceAll('<br>\n', '\n'),
		...(itemIndex !== undefined && { itemIndex }),
	};
}
