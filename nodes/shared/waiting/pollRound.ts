import { readTasks } from '../client/readTasks';
import type { KlingTask } from '../client/task';
import type { TaskApi } from '../client/taskApi';
import { smallest } from '../lib/values';
import type { Run } from '../run/operation';
import type { Words } from '../run/words';
import type { Result } from '../transport/failure';
import { afterCheck, type Known } from './afterCheck';
import { checkError, failedTaskError, timeoutError } from './errors';
import type { WaitSettings } from './settings';

export interface Waited {
	task: KlingTask;
	/** False if the time limit came first. */
	completed: boolean;
}

export interface Waiting extends Known {
	/** Monotonic ms. */
	deadline: number;
	/** Created a moment ago, not found. */
	isNew: boolean;
	checks: number;
	resolve: (waited: Waited) => void;
	reject: (error: Error) => void;
}

/** The tasks that one run waits for. */
export interface Waits {
	run: Run;
	settings: WaitSettings;
	words: Words;
	open: Set<Waiting>;
}

/** The check at the time limit is given at least this long. */
const LAST_CHECK_MS = 5_000;
const CHECK_MS = 30_000;
/** Before a failed check is repeated at the time limit. */
const REPEAT_AFTER_MS = 3_000;

/** Reads all open tasks once, and ends the waits of those that are done or out of time. */
export async function checkAll(waits: Waits, api: TaskApi): Promise<void> {
	const all = [...waits.open];
	const leftMs = smallest(all.map(({ deadline }) => deadline)) - performance.now();
	const timeoutMs = Math.min(CHECK_MS, Math.max(LAST_CHECK_MS, leftMs));
	const ids = [...new Set(all.map(({ id }) => id))];
	const seen = await readTasks(api, ids, timeoutMs);
	for (const one of all) {
		one.checks++;
		const result = seen.get(one.id);
		if (result) applyResult(waits, one, result);
		if (waits.open.has(one) && performance.now() >= one.deadline) repeatOrTimeOut(waits, one);
	}
}

export function applyResult(
	{ run, settings, words, open }: Waits,
	one: Waiting,
	result: Result<KlingTask>,
): void {
	const next = afterCheck(one, result, performance.now());
	const end = (how: () => void) => {
		if (open.delete(one)) how();
	};
	if (next.is === 'refused')
		return end(() => one.reject(checkError(run.context, one, next.failure)));
	if (next.is === 'failure') return void (one.failure = next.failure);
	one.task = next.task;
	one.failure = undefined;
	if (next.is === 'running') return;
	const { task } = next;
	if (task.task_status === 'failed' && settings.onFailedTask === 'error')
		return end(() => one.reject(failedTaskError(run.context, task, words)));
	end(() => one.resolve({ task, completed: true }));
}

function repeatOrTimeOut(waits: Waits, one: Waiting): void {
	const now = performance.now();
	const mayRepeat = one.failure && now - one.since < waits.settings.repeatFailedForMs;
	if (mayRepeat) one.deadline = now + REPEAT_AFTER_MS;
	else timeOut(waits, one);
}

/** A task that was never seen cannot be output, so its timeout is an error. */
function timeOut({ run, settings, words, open }: Waits, one: Waiting): void {
	const { task, failure } = one;
	if (!open.delete(one)) return;
	if (task && settings.onTimeout === 'output') one.resolve({ task, completed: false });
	else if (!task && failure) one.reject(checkError(run.context, one, failure));
	else one.reject(timeoutError(run.context, one, settings.timeoutMs, words));
}
