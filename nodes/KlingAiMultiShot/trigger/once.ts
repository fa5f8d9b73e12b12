import type { Callback } from '../../shared/client/callback';
import { isFinal, isFinalStatus, type KlingTask, type TaskStatus } from '../../shared/client/task';
import type { KnownTask, Memory } from './memory';
import type { Refused, Verdict } from './verdict';

/** They cost no read, but each holds a request of n8n's. */
const MAX_FOLLOWERS = 1_000;

export type ResolvedTask = { task: KlingTask } | { ignored: string } | Refused;

/**
 * Lets each task and status through once, even if callbacks arrive concurrently. The first reserves its place before
 * anything is awaited. The others share its outcome, so none gets a 200 for something that then fails.
 * @param resolve reads the task; a refusal releases the reservation
 */
export async function once(
	memory: Memory,
	{ task_id, task_status }: Callback,
	resolve: () => Promise<ResolvedTask>,
	passes: (task: KlingTask) => boolean,
): Promise<Verdict> {
	const known = memory.tasks.get(task_id) ?? newTask();
	if (isPast(known, { task_id, task_status })) return DUPLICATE;
	const first = known.pending.get(task_status);
	if (first) return await follow(memory, first);

	memory.tasks.set(task_id, known);
	const deciding = decide(known, task_status, resolve, passes);
	known.pending.set(task_status, deciding);
	try {
		return await deciding;
	} finally {
		known.pending.delete(task_status);
		const isEmpty = known.done.size === 0 && known.pending.size === 0 && !known.finished;
		// An invented task id takes no space from real tasks.
		if (isEmpty) memory.tasks.delete(task_id);
	}
}

async function decide(
	known: KnownTask,
	stated: Callback['task_status'],
	resolve: () => Promise<ResolvedTask>,
	passes: (task: KlingTask) => boolean,
): Promise<Verdict> {
	const resolved = await resolve();
	if (!('task' in resolved)) return resolved;
	const { task } = resolved;
	const past = isPast(known, task);
	known.done.add(stated);
	known.finished ||= isFinal(task);
	if (past) return DUPLICATE;
	if (!passes(task)) return { ignored: `task ${task.task_id} is not one of those chosen` };
	known.done.add(task.task_status);
	return { task, forgetOutput: () => forgetOutput(known, [stated, task.task_status]) };
}

function forgetOutput(known: KnownTask, statuses: TaskStatus[]): void {
	for (const status of statuses) known.done.delete(status);
	known.finished = [...known.done].some((task_status) => isFinalStatus(task_status));
}

/** After a final status nothing earlier is output. */
function isPast(known: KnownTask, { task_status }: KlingTask | Callback): boolean {
	return known.done.has(task_status) || (known.finished && !isFinalStatus(task_status));
}

async function follow(memory: Memory, first: Promise<Verdict>): Promise<Verdict> {
	if (memory.followers >= MAX_FOLLOWERS)
		return { refused: 503, reason: `${MAX_FOLLOWERS} copies are waiting already` };
	memory.followers++;
	try {
		const verdict = await first;
		return 'refused' in verdict ? verdict : DUPLICATE;
	} finally {
		memory.followers--;
	}
}

/** For callbacks with a valid signature only: nothing was read from the API. */
export function rememberFinished(memory: Memory, task_id: string): void {
	const known = memory.tasks.get(task_id) ?? newTask();
	known.finished = true;
	memory.tasks.set(task_id, known);
}

const DUPLICATE: Verdict = {
	ignored: 'the task was output with this status, or a later one, before',
};

function newTask(): KnownTask {
	return { done: new Set(), finished: false, pending: new Map() };
}
