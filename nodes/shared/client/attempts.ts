import { processMap } from '../transport/processMaps';
import { isInUse, type ExecutionMemory } from './execution';
import { mayExist, type Outcome } from './payment';
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

export function keyOf(account: string, external_task_id: string): string {
	return `${account} ${external_task_id}`;
}

export function rememberOutcome(
	account: string,
	external_task_id: string,
	{ execution, place }: Pick<Attempt, 'execution' | 'place'>,
	outcome: Outcome,
): void {
	const key = keyOf(account, external_task_id);
	if (outcome.is === 'task') {
		const { task, origin } = outcome;
		attempts.set(key, { execution, place: origin === 'foreign' ? '' : place, task });
	} else if (mayExist(outcome)) attempts.set(key, { execution, place, lostAt: performance.now() });
	else attempts.delete(key);
}
