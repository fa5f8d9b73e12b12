import { seenMoment, type AnswerOf } from './answers';
import { KlingError } from './errors';
import type { Task, TaskStore } from './tasks';
import type { World } from './world';

/** GET /{id}: `data` of the answer, or a KlingError. */
export function getTask(
	world: World,
	tasks: TaskStore,
	encodedId: string,
	answerOf: AnswerOf,
): object {
	const id = decode(encodedId);
	const { lookupByExternalId, getVisibleAfterMs, unknownTask } = world.switches;
	const isSeen = (task: Task) => isVisible(world, task, getVisibleAfterMs);
	// A newer task with the same external id hides this one only once it can be seen.
	const isMeant = (task: Task) =>
		lookupByExternalId && task.external_task_id === id && isSeen(task);
	const task = tasks.find(id) ?? tasks.all.findLast(isMeant);
	if (task && isSeen(task)) return answerOf(task, seenMoment(world, task));
	const message = `Task not found by id/external id: ${id}`;
	throw new KlingError(unknownTask === 404 ? 1203 : 1201, message);
}

/** GET: `data` of the answer, or a KlingError. */
export function listTasks(
	world: World,
	tasks: readonly Task[],
	query: URLSearchParams,
	answerOf: AnswerOf,
): object[] {
	const pageNum = wholeNumber(query, 'pageNum', 1, 1000);
	const pageSize = wholeNumber(query, 'pageSize', 30, 500);
	const { listVisibleAfterMs, listOrder } = world.switches;
	const visible = tasks.filter((task) => isVisible(world, task, listVisibleAfterMs));
	// Stable, so that tasks of one millisecond stay in the order in which they were made.
	const ordered = visible.sort((one, other) => one.created_at - other.created_at);
	if (listOrder === 'newestFirst') ordered.reverse();
	const page = ordered.slice((pageNum - 1) * pageSize, pageNum * pageSize);
	return page.map((task) => answerOf(task, seenMoment(world, task)));
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number, max: number): number {
	const text = query.get(name);
	if (text === null) return otherwise;
	const value = /^\d+$/.test(text) ? Number(text) : 0;
	if (value < 1 || value > max) throw new KlingError(1201, `${name} must be 1 to ${max}: ${text}`);
	return value;
}

/** A task made elsewhere is never hidden. */
function isVisible(world: World, task: Task, afterMs: number): boolean {
	return !task.charged || world.now() >= task.created_at + afterMs;
}

export function decode(encodedId: string): string {
	try {
		return decodeURIComponent(encodedId);
	} catch {
		throw new KlingError(1201, `Badly encoded: ${encodedId}`);
	}
}
