import type { Fault, RecordedRequest } from '../../../../kling';
import type { Run } from '../../../../support/engine';
import type { Stage } from '../../../../support/stage';

export type Reading = 'get' | 'list' | 'wait';
export const READINGS: readonly Reading[] = ['get', 'list', 'wait'];

export interface ReadOutcome {
	run: Run;
	requests: RecordedRequest[];
	/** Of the task that was asked for; empty for a list. */
	task_id: string;
}

/** Two checks: one at once, one at the end. So long, since on a busy machine the first one takes its time. */
const WAIT = { timeout: 20, pollInterval: 600 };

let lists = 0;

/** One run that meets `fault` in each of its requests, whatever other runs go on beside it. */
export async function readThrough(
	{ kling, engine }: Stage,
	reading: Reading,
	fault: Omit<Fault, 'on'>,
): Promise<ReadOutcome> {
	const { task_id } = kling.createTask();
	// A page size of its own tells one list from another.
	const limit = (lists++ % 499) + 1;
	const isOurs = ({ operation, path, query }: RecordedRequest) =>
		reading === 'list'
			? operation === 'list' && query.pageSize === String(limit)
			: path.endsWith(`/${task_id}`);
	kling.fault({ times: Infinity, ...fault, on: ['get', 'list'], matching: isOurs });
	const run = await engine.runNode({
		parameters:
			reading === 'list'
				? { operation: reading, limit }
				: { operation: reading, taskId: task_id, options: WAIT },
	});
	const requests = kling.requests.filter(isOurs);
	return { run, requests, task_id: reading === 'list' ? '' : task_id };
}
