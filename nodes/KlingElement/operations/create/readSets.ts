import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask, TaskReference } from '../../../shared/client/task';
import { getTask, type TaskApi } from '../../../shared/client/taskApi';
import { nothingChargedFor } from '../../../shared/creating/earlierCharges';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { limiter } from '../../../shared/lib/limiter';
import { expiryOf, imagesExpireAt } from '../../../shared/output/task';
import { viewsOf } from '../../../shared/output/views';
import { inLines, klingError } from '../../../shared/run/klingError';
import type { Run } from '../../../shared/run/operation';
import { ELEMENT_WORDS } from '../../../shared/run/words';
import type { Result } from '../../../shared/transport/failure';
import { afterFailure, whyFailed } from '../../../shared/waiting/errors';

const READS_CONCURRENCY = 10;
/** Of one element. */
const MAX_VIEWS = 3;

/** The views of one set. */
export interface ViewSet {
	set: number;
	urls: string[];
}

export type ReadTask = (reference: TaskReference) => Promise<Result<KlingTask>>;

/** Reads each task once, however many items name it. */
export function taskReader(api: TaskApi): ReadTask {
	const limited = limiter(READS_CONCURRENCY);
	const read = new Map<string, Promise<Result<KlingTask>>>();
	return async (reference) => {
		const key = JSON.stringify([reference.id, reference.isExternal === true]);
		const reading = read.get(key) ?? limited(async () => await getTask(api, reference));
		read.set(key, reading);
		return await reading;
	};
}

/**
 * The sets of a finished task whose views Kling still has.
 * @throws NodeOperationError, before anything is created
 */
export async function readSets(
	run: Run,
	itemIndex: number,
	reference: TaskReference,
	readTask: ReadTask,
): Promise<{ task_id: string; isAll: boolean; sets: ViewSet[] }> {
	const { context } = run;
	const charge = nothingChargedFor(run, ELEMENT_WORDS, itemIndex);
	const wanted = readWanted(context, itemIndex);
	const result = await readTask(reference);
	if ('failure' in result)
		throw klingError(context, result.failure, {
			action: `get task ${reference.id}`,
			charge,
		});
	const task = result.value;
	const problem = whyUnusable(task);
	if (problem) throw unusableError(context, task, { ...problem, charge });
	const views = viewsOf(task);
	const all = [...new Set(views.map(({ set }) => set))];
	const sets = (wanted === 'all' ? all : [wanted]).map((set) => ({
		set,
		urls: views
			.filter((view) => view.set === set)
			.slice(0, MAX_VIEWS)
			.map(({ url }) => url),
	}));
	const empty = sets.find(({ urls }) => urls.length === 0);
	if (sets.length > 0 && !empty) return { task_id: task.task_id, isAll: wanted === 'all', sets };
	throw unusableError(context, task, {
		found: `has no views in set ${empty?.set ?? 1}`,
		advice: 'Choose another set.',
		charge,
	});
}

function readWanted(context: IExecuteFunctions, itemIndex: number): number | 'all' {
	const value: unknown = context.getNodeParameter('set', itemIndex);
	if (value === 'all') return value;
	const set = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
	if ([1, 2, 3].includes(set)) return set;
	throw parameterError(context, 'Set', `is ${quoted(value)}`, 'Use 1, 2, 3 or all.');
}

interface Problem {
	/** The end of "Task …". */
	found: string;
	advice: string;
}

function whyUnusable(task: KlingTask): Problem | undefined {
	if (task.task_status === 'failed')
		return {
			found: `failed and has no views: ${whyFailed(task)}`,
			advice: afterFailure(task, 'create a new task'),
		};
	if (task.task_status !== 'succeed')
		return {
			found: `has not finished yet: the status is "${task.task_status}"`,
			advice: 'Wait for it with Wait for Task of Kling AI Multi-Shot.',
		};
	if ((imagesExpireAt(task) ?? Infinity) > Date.now()) return undefined;
	return {
		found: `no longer has its views: they expired at ${expiryOf(task)}`,
		advice: 'Kling deletes images after 30 days. Create the views again with Create Task.',
	};
}

function unusableError(
	context: IExecuteFunctions,
	{ task_id }: KlingTask,
	{ found, advice, charge }: Problem & { charge: string },
): Error {
	return new NodeOperationError(context.getNode(), `Task ${task_id} ${found}`, {
		description: inLines(advice, charge),
	});
}
