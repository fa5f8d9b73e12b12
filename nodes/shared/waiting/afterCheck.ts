import { VISIBLE_AFTER_MS } from '../client/findTask';
import { hasExternalId, isFinal, type KlingTask, type TaskReference } from '../client/task';
import { isUnknownTask } from '../client/taskApi';
import type { KlingFailure, Result } from '../transport/failure';
import { isFinalRefusal, retryPolicy } from '../transport/retry';

/** What is known of a task that is waited for. */
export interface Known extends TaskReference {
	/** As it was seen last. */
	task: KlingTask | undefined;
	/** Of the last check. */
	failure: KlingFailure | undefined;
	/** Monotonic ms at which the wait began. */
	since: number;
}

type AfterCheck =
	| { is: 'ended' | 'running'; task: KlingTask }
	/** It may pass: the wait goes on. */
	| { is: 'failure'; failure: KlingFailure }
	/** Kling's own last word. */
	| { is: 'refused'; failure: KlingFailure };

/**
 * Pure: what follows from one check. Until the timeout, only a final refusal by Kling ends the wait.
 * @param now monotonic ms
 */
export function afterCheck(
	{ id, isExternal = false, task, failure: before, since }: Known,
	result: Result<KlingTask>,
	now: number,
): AfterCheck {
	if ('value' in result) {
		const seen = result.value;
		if (isExternal ? hasExternalId(seen, id) : seen.task_id === id || hasExternalId(seen, id))
			return { is: isFinal(seen) ? 'ended' : 'running', task: seen };
		return { is: 'failure', failure: { kind: 'unreadable', reason: 'notATask' } };
	}
	const { failure } = result;
	if (isUnknownTask(failure)) {
		const mayStillAppear = task !== undefined || now - since < VISIBLE_AFTER_MS;
		return { is: mayStillAppear ? 'failure' : 'refused', failure };
	}
	const isSecondReSign =
		retryPolicy(failure) === 'reSign' && before !== undefined && retryPolicy(before) === 'reSign';
	return { is: isFinalRefusal(failure) || isSecondReSign ? 'refused' : 'failure', failure };
}
