import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import { READ_PAUSES_MS, type Callback } from '../../shared/client/callback';
import { openKling } from '../../shared/client/kling';
import { isFinalStatus, type KlingTask } from '../../shared/client/task';
import { isUnknownTask } from '../../shared/client/taskApi';
import { describeFailure } from '../../shared/run/klingError';
import type { Result } from '../../shared/transport/failure';
import { isFinalRefusal } from '../../shared/transport/retry';
import { READS_CONCURRENCY, type Memory } from './memory';
import type { Refused } from './verdict';

const READ_TIMEOUT_MS = 8_000;
const MAX_UNSIGNED_READS = 2;
/** Reads that wait for their turn: where anybody may call, and where all callers have signed. */
const MAX_QUEUED = 100;
const MAX_QUEUED_SIGNED = 1_000;

type Confirmed = { task: KlingTask } | { unknown: true } | Refused;

/**
 * The task that a callback names, as Kling's API reports it. Retries a few times if the API is down, lags, or
 * does not show the task yet.
 */
export async function confirmTask(
	context: IWebhookFunctions,
	memory: Memory,
	callback: Callback,
	signed: boolean,
): Promise<Confirmed> {
	let last: Confirmed = { unknown: true };
	let reads = 0;
	for (const pauseMs of READ_PAUSES_MS) {
		if (pauseMs > 0) await sleep(pauseMs);
		const result = await queuedRead(context, memory, callback.task_id, signed);
		if (result === 'full') return { refused: 503, reason: 'too many callbacks at once' };
		const next = readOutcome(result, callback);
		if ('done' in next) return next.done;
		last = next.later;
		reads++;
		// Anybody can invent ids: without a signature there is one second read.
		if ('unknown' in last && !signed && reads >= MAX_UNSIGNED_READS) return last;
	}
	// Kling has signed that the task exists, and should send the callback again.
	if ('unknown' in last && signed)
		return { refused: 503, reason: `Kling's API does not show task ${callback.task_id} yet` };
	return last;
}

/** `later`: another read may say more. */
function readOutcome(
	result: Result<KlingTask>,
	callback: Callback,
): { done: Confirmed } | { later: Confirmed } {
	if ('value' in result) {
		const task = result.value;
		// An external id finds a task, too, but callbacks do not go by it.
		if (task.task_id !== callback.task_id) return { done: { unknown: true } };
		if (!isOutdated(task, callback)) return { done: { task } };
		const reason = `Kling's API still says ${task.task_status}, and the callback ${callback.task_status}`;
		return { later: { refused: 503, reason } };
	}
	const { failure } = result;
	if (isUnknownTask(failure)) return { later: { unknown: true } };
	const reason = `the task could not be read: ${describeFailure(failure)}`;
	const refused: Confirmed = { refused: 503, reason };
	return isFinalRefusal(failure) ? { done: refused } : { later: refused };
}

async function queuedRead(
	context: IWebhookFunctions,
	memory: Memory,
	task_id: string,
	signed: boolean,
): Promise<Result<KlingTask> | 'full'> {
	const max = READS_CONCURRENCY + (signed ? MAX_QUEUED_SIGNED : MAX_QUEUED);
	if (memory.reads >= max) return 'full';
	memory.reads++;
	try {
		return await memory.limitedRead(async () => {
			const { multiShot } = await openKling(context);
			return await multiShot.getOnce(task_id, READ_TIMEOUT_MS);
		});
	} finally {
		memory.reads--;
	}
}

function isOutdated(task: KlingTask, { task_status }: Callback): boolean {
	if (isFinalStatus(task_status)) return !isFinalStatus(task.task_status);
	return task_status === 'processing' && task.task_status === 'submitted';
}
