import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import { lookAtTasks } from '../client/look';
import { isFinal, type KlingTask } from '../client/task';

/** All tasks by id, when all have finished. `behind`: Kling's API says less than the callback. */
export type Check = Map<string, KlingTask> | 'unfinished' | 'behind' | 'woken';

/** An API behind its callback is asked again after these pauses. */
const PAUSES_MS = [0, 500, 1_500, 3_000];
const LOOK_TIMEOUT_MS = 10_000;

interface Looks {
	current: Promise<void>;
	next: Promise<void> | undefined;
	/** What has finished stays so: a callback that Kling sends twice needs no second look. */
	seen: Map<string, KlingTask>;
	/** As long as callbacks are under way: a later pause of the same execution wakes by itself. */
	woken: boolean;
	callbacks: number;
}

const MOST_EXECUTIONS = 200;
/** By execution; the oldest is forgotten first. */
const executions = new Map<string, Looks>();

/**
 * Whether all tasks of a paused execution have finished.
 * @param called the task of this callback, which says that it has
 * @param signed the task as a verified callback tells it, so that it needs no look
 */
export async function checkTasks(
	context: IWebhookFunctions,
	tasks: KlingTask[],
	called: string,
	signed: KlingTask | undefined,
): Promise<Check> {
	const executionId = context.getExecutionId();
	const looks = executions.get(executionId) ?? newLooks();
	executions.set(executionId, looks);
	looks.callbacks++;
	try {
		if (looks.seen.has(called)) return 'unfinished';
		const known = (id: string) => looks.seen.has(id) || (signed !== undefined && id === called);
		const open = () => tasks.filter(({ task_id }) => !known(task_id));
		for (const pauseMs of PAUSES_MS) {
			if (pauseMs > 0) await sleep(pauseMs);
			if (open().length > 0) await nextLook(context, looks, open);
			if (known(called)) break;
		}
		// Behind the look: where that throws, the same callback, sent again, is to look again.
		if (signed) looks.seen.set(called, signed);
		if (!looks.seen.has(called)) return 'behind';
		if (open().length > 0) return 'unfinished';
		if (looks.woken) return 'woken';
		looks.woken = true;
		return looks.seen;
	} finally {
		looks.callbacks--;
		if (looks.callbacks === 0) rest(executionId, looks);
	}
}

function rest(executionId: string, looks: Looks): void {
	executions.delete(executionId);
	if (looks.woken) return;
	executions.set(executionId, looks);
	const [oldest] = executions.keys();
	if (executions.size > MOST_EXECUTIONS && oldest !== undefined) executions.delete(oldest);
}

/** A look that began before a callback may have missed its task, so callbacks share the next one. */
async function nextLook(
	context: IWebhookFunctions,
	looks: Looks,
	open: () => KlingTask[],
): Promise<void> {
	looks.next ??= looks.current.catch(nothing).then(async () => {
		looks.next = undefined;
		looks.current = lookAll(context, looks, open());
		await looks.current;
	});
	await looks.next;
}

async function lookAll(context: IWebhookFunctions, looks: Looks, open: KlingTask[]): Promise<void> {
	const ids = open.map(({ task_id }) => task_id);
	for (const [id, result] of await lookAtTasks(context, ids, LOOK_TIMEOUT_MS))
		if ('value' in result && isFinal(result.value)) looks.seen.set(id, result.value);
}

function nothing(): void {}

function newLooks(): Looks {
	const current = Promise.resolve();
	return { current, next: undefined, seen: new Map(), woken: false, callbacks: 0 };
}
