import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import { READ_PAUSES_MS } from '../client/callback';
import { openKling, type Kling } from '../client/kling';
import { readTasks } from '../client/readTasks';
import { isFinal, type KlingTask } from '../client/task';
import { processMap } from '../transport/processMaps';

export type Check =
	/** All tasks, by id. Until `release` is called, other callbacks learn that the execution is being woken. */
	| { is: 'finished'; tasks: Map<string, KlingTask>; release: () => void }
	| { is: 'unfinished' }
	/** Kling's API says less than the callback, or could not be read. */
	| { is: 'outdated' }
	/** Another callback has woken the execution. */
	| { is: 'woken' };

const READ_TIMEOUT_MS = 10_000;

/** What is known of a paused execution's tasks. */
interface Progress {
	current: Promise<void>;
	next: Promise<void> | undefined;
	/** Finished, as the API shows them. That stays so: a callback that Kling sends twice needs no second read. */
	finished: Map<string, KlingTask>;
	/** Finished, as verified callbacks say. */
	signed: Map<string, KlingTask>;
	/** Ids that the last read could not get. */
	unread: Set<string>;
	/** Reset once no callback is in progress: a later pause of the same execution must be able to resume, too. */
	woken: boolean;
	callbacks: number;
}

const executions = processMap<Progress>('pausedExecutions', ({ callbacks }) => callbacks > 0);

/**
 * Whether all tasks of a paused execution have finished. Callbacks may reach several processes that share no state. So a
 * callback counts as "unfinished" only after the API has shown its own task as finished: of the last callbacks, at least
 * one then sees all tasks finished.
 * @param called the id of the task that this callback reports as finished
 * @param signed that task as a verified callback states it; if it is the last one, no read is needed
 */
export async function checkTasks(
	context: IWebhookFunctions,
	tasks: KlingTask[],
	called: string,
	signed: KlingTask | undefined,
): Promise<Check> {
	const executionId = context.getExecutionId();
	const progress = executions.get(executionId) ?? newProgress();
	progress.callbacks++;
	executions.set(executionId, progress);
	const release = () => {
		progress.callbacks--;
		if (progress.callbacks === 0 && progress.woken) executions.delete(executionId);
	};
	let isHeld = false;
	try {
		if (isSettled(progress, called)) return { is: 'unfinished' };
		if (signed) progress.signed.set(called, signed);
		await readUntilKnown(context, progress, tasks, called);
		if (openIn(progress, tasks).length > 0)
			return { is: isSettled(progress, called) ? 'unfinished' : 'outdated' };
		if (progress.woken) return { is: 'woken' };
		progress.woken = true;
		isHeld = true;
		const all = new Map([...progress.signed, ...progress.finished]);
		return { is: 'finished', tasks: all, release };
	} finally {
		if (!isHeld) release();
	}
}

/** The API has shown this task as finished and could read all others. */
function isSettled({ finished, unread }: Progress, called: string): boolean {
	return finished.has(called) && unread.size === 0;
}

function openIn({ finished, signed }: Progress, tasks: KlingTask[]): KlingTask[] {
	return tasks.filter(({ task_id }) => !finished.has(task_id) && !signed.has(task_id));
}

async function readUntilKnown(
	context: IWebhookFunctions,
	progress: Progress,
	tasks: KlingTask[],
	called: string,
): Promise<void> {
	for (const pauseMs of READ_PAUSES_MS) {
		if (pauseMs > 0) await sleep(pauseMs);
		if (openIn(progress, tasks).length === 0) return;
		await shareNextRead(context, progress, tasks);
		if (isSettled(progress, called)) return;
	}
}

/** A read that began before a callback may have missed its task, so callbacks share the next one. */
async function shareNextRead(
	context: IWebhookFunctions,
	progress: Progress,
	tasks: KlingTask[],
): Promise<void> {
	progress.next ??= progress.current.catch(ignore).then(async () => {
		progress.next = undefined;
		progress.current = openKling(context).then(
			async (kling) => await readAll(kling, progress, tasks),
		);
		await progress.current;
	});
	await progress.next;
}

async function readAll(kling: Kling, progress: Progress, tasks: KlingTask[]): Promise<void> {
	const ids = tasks.map(({ task_id }) => task_id).filter((id) => !progress.finished.has(id));
	const results = [...(await readTasks(kling.multiShot, ids, READ_TIMEOUT_MS))];
	progress.unread = new Set(results.filter(([, result]) => 'failure' in result).map(([id]) => id));
	for (const [id, result] of results)
		if ('value' in result && isFinal(result.value)) progress.finished.set(id, result.value);
}

function ignore(): void {}

function newProgress(): Progress {
	return {
		current: Promise.resolve(),
		next: undefined,
		finished: new Map(),
		signed: new Map(),
		unread: new Set(),
		woken: false,
		callbacks: 0,
	};
}
