import type { IWebhookFunctions } from 'n8n-workflow';
import type { Callback } from '../../shared/client/callback';
import { isUnknownTask, lookAtTask, type Result } from '../../shared/client/endpoints';
import { isFinal, type KlingTask } from '../../shared/client/task';
import { isPassing } from '../../shared/transport/retry';
import { sleepUnlessCancelled } from '../../shared/transport/cancel';
import { LOOKS_SIDE_BY_SIDE, type Memory } from './memory';
import type { Refused } from './verdict';

/** Between the looks: whoever calls waits for an answer meanwhile. */
const PAUSES_MS = [0, 500, 1_500, 3_000];
const LOOK_TIMEOUT_MS = 8_000;
/** Looks that wait for their turn: where anybody may call, and where all callers have signed. */
const MOST_QUEUED = 100;
const MOST_QUEUED_SIGNED = 1_000;

/** What Kling's API says of the task that a callback names. Asks a few times where it is down or behind the callback. */
export async function lookAtCallback(
	context: IWebhookFunctions,
	memory: Memory,
	callback: Callback,
	signed: boolean,
): Promise<{ task: KlingTask } | { unknown: true } | Refused> {
	let reason = '';
	for (const pauseMs of PAUSES_MS) {
		if (pauseMs > 0) await sleepUnlessCancelled(context, pauseMs);
		const result = await queuedLook(context, memory, callback.task_id, signed);
		if (result === 'full') return { refused: 503, reason: 'too many callbacks at once' };
		if ('value' in result) {
			const task = result.value;
			// An external id finds a task, too, but callbacks do not go by it.
			if (task.task_id !== callback.task_id) return { unknown: true };
			if (!isBehind(task, callback)) return { task };
			reason = `Kling's API still says ${task.task_status}, and the callback ${callback.task_status}`;
		} else {
			if (isUnknownTask(result.failure)) return { unknown: true };
			reason = `the task could not be read: ${result.failure.message}`;
			if (!isPassing(result.failure)) break;
		}
	}
	return { refused: 503, reason };
}

async function queuedLook(
	context: IWebhookFunctions,
	memory: Memory,
	task_id: string,
	signed: boolean,
): Promise<Result<KlingTask> | 'full'> {
	const most = LOOKS_SIDE_BY_SIDE + (signed ? MOST_QUEUED_SIGNED : MOST_QUEUED);
	if (memory.looks >= most) return 'full';
	memory.looks++;
	try {
		return await memory.limitedLook(
			async () => await lookAtTask(context, task_id, LOOK_TIMEOUT_MS),
		);
	} finally {
		memory.looks--;
	}
}

function isBehind(task: KlingTask, { task_status }: Callback): boolean {
	if (isFinal({ task_status })) return !isFinal(task);
	return task_status === 'processing' && task.task_status === 'submitted';
}
