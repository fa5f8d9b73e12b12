import type { Callback } from '../../shared/client/callback';
import { isFinal, type KlingTask, type TaskStatus } from '../../shared/client/task';
import type { KnownTask, Memory } from './memory';
import type { Refused, Verdict } from './verdict';

/** They cost no look, but each holds a request of n8n's. */
const MOST_FOLLOWERS = 1_000;

export type Learned = { task: KlingTask } | { ignored: string } | Refused;

/**
 * Lets a task and status through once, however many callbacks say so at a time: the first is reserved before
 * anything is awaited, and the others share its fate, so that none is answered 200 for what then fails.
 * @param learn what the task is; a refusal releases the reservation
 */
export async function once(
	memory: Memory,
	{ task_id, task_status }: Callback,
	learn: () => Promise<Learned>,
	isWanted: (task: KlingTask) => boolean,
): Promise<Verdict> {
	const known = memory.tasks.get(task_id) ?? newTask();
	if (isPast(known, { task_id, task_status })) return DUPLICATE;
	const first = known.pending.get(task_status);
	if (first) return await follow(memory, first);

	memory.tasks.set(task_id, known);
	const deciding = decide(known, task_status, learn, isWanted);
	known.pending.set(task_status, deciding);
	try {
		return await deciding;
	} finally {
		known.pending.delete(task_status);
		const isEmpty = known.done.size === 0 && known.pending.size === 0 && !known.finished;
		// What a stranger makes up takes no place from tasks that exist.
		if (isEmpty) memory.tasks.delete(task_id);
	}
}

async function decide(
	known: KnownTask,
	stated: Callback['task_status'],
	learn: () => Promise<Learned>,
	isWanted: (task: KlingTask) => boolean,
): Promise<Verdict> {
	const learned = await learn();
	if (!('task' in learned)) return learned;
	const { task } = learned;
	const past = isPast(known, task);
	known.done.add(stated);
	known.finished ||= isFinal(task);
	if (past) return DUPLICATE;
	if (!isWanted(task)) return { ignored: `task ${task.task_id} is not one of those chosen` };
	known.done.add(task.task_status);
	return { task, takeBack: () => takeBack(known, [stated, task.task_status]) };
}

function takeBack(known: KnownTask, statuses: TaskStatus[]): void {
	for (const status of statuses) known.done.delete(status);
	known.finished = [...known.done].some((task_status) => isFinal({ task_status }));
}

/** After a final status nothing earlier comes out. */
function isPast(known: KnownTask, { task_status }: KlingTask | Callback): boolean {
	return known.done.has(task_status) || (known.finished && !isFinal({ task_status }));
}

async function follow(memory: Memory, first: Promise<Verdict>): Promise<Verdict> {
	if (memory.followers >= MOST_FOLLOWERS)
		return { refused: 503, reason: `${MOST_FOLLOWERS} copies wait already` };
	memory.followers++;
	try {
		const verdict = await first;
		return 'refused' in verdict ? verdict : DUPLICATE;
	} finally {
		memory.followers--;
	}
}

/** Only a callback with a valid signature may say so without a look. */
export function rememberFinished(memory: Memory, task_id: string): void {
	const known = memory.tasks.get(task_id) ?? newTask();
	known.finished = true;
	memory.tasks.set(task_id, known);
}

const DUPLICATE: Verdict = {
	ignored: 'the task came out with this status, or a later one, before',
};

function newTask(): KnownTask {
	return { done: new Set(), finished: false, pending: new Map() };
}
