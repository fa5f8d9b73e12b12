import { processMap } from '../lib/processMaps';
import { isInUse, type ExecutionMemory } from './execution';
import type { KlingTask } from './task';

/** What became of a create with an external id. */
export interface Attempt {
	execution: ExecutionMemory;
	/** Node, run and item. */
	place: string;
	/** As Kling answered the create. */
	task?: KlingTask;
	/** Milliseconds of monotonic time at which an answer was lost: the task may exist. */
	lostAt?: number;
}

const attempts = processMap<Attempt>('attempts', ({ execution }) => isInUse(execution));

export function knownAttempt(account: string, external_task_id: string): Attempt | undefined {
	return attempts.get(keyOf(account, external_task_id));
}

export function rememberAttempt(account: string, external_task_id: string, attempt: Attempt): void {
	attempts.set(keyOf(account, external_task_id), attempt);
}

export function forgetAttempt(account: string, external_task_id: string): void {
	attempts.delete(keyOf(account, external_task_id));
}

export function keyOf(account: string, external_task_id: string): string {
	return `${account} ${external_task_id}`;
}
