import { sleep, type IWebhookFunctions } from 'n8n-workflow';
import { lookAtTasks } from '../client/readTasks';
import { isFinal, type KlingTask } from '../client/task';

/** All tasks by id, when all have finished. `behind`: Kling's API says less than the callback, or not all. */
export type Check = Map<string, KlingTask> | 'unfinished' | 'behind' | 'woken';

/** An API behind its callback is asked again after these pauses. */
const PAUSES_MS = [0, 500, 1_500, 3_000];
const LOOK_TIMEOUT_MS = 10_000;

interface Looks {
	current: Promise<void>;
	next: Promise<void> | undefined;
	/** Finished, as the API shows it. That stays so: a callback that Kling sends twice needs no second look. */
	seen: Map<string, KlingTask>;
	/** Finished, as verified callbacks tell it. */
	told: Map<string, KlingTask>;
	/** Ids that the last look could not read. */
	unread: Set<string>;
	/** As long as callbacks are under way: a later pause of the same execution wakes by itself. */
	woken: boolean;
	callbacks: number;
}

const MOST_EXECUTIONS = 200;
/** By execution; the oldest is forgotten first. */
const executions = new Map<string, Looks>();

/**
 * Whether all tasks of a paused execution have finished. Callbacks may come to several processes, which know nothing of
 * each other: so one that leaves tasks unfinished has seen them so when the API showed its own as finished, and
 * of the last ones at least one sees all.
 * @param called the task of this callback, which says that it has
 * @param signed the task as a verified callback tells it, so that it needs no look where it is the last one
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
	const settled = () => looks.seen.has(called) && looks.unread.size === 0;
	const unseen = () => tasks.filter(({ task_id }) => !looks.seen.has(task_id));
	const open = () => unseen().filter(({ task_id }) => !looks.told.has(task_id));
	try {
		if (settled()) return 'unfinished';
		if (signed) looks.told.set(called, signed);
		for (const pauseMs of PAUSES_MS) {
			if (pauseMs > 0) await sleep(pauseMs);
			if (open().length === 0) break;
			await nextLook(context, looks, unseen);
			if (settled()) break;
		}
		if (open().length > 0) return settled() ? 'unfinished' : 'behind';
		if (looks.woken) return 'woken';
		looks.woken = true;
		return new Map([...looks.told, ...looks.seen]);
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
	unseen: () => KlingTask[],
): Promise<void> {
	looks.next ??= looks.current.catch(nothing).then(async () => {
		looks.next = undefined;
		looks.current = lookAll(context, looks, unseen());
		await looks.current;
	});
	await looks.next;
}

async function lookAll(
	context: IWebhookFunctions,
	looks: Looks,
	tasks: KlingTask[],
): Promise<void> {
	const ids = tasks.map(({ task_id }) => task_id);
	const results = [...(await lookAtTasks(context, ids, LOOK_TIMEOUT_MS))];
	looks.unread = new Set(results.filter(([, result]) => 'failure' in result).map(([id]) => id));
	for (const [id, result] of results)
		if ('value' in result && isFinal(result.value)) looks.seen.set(id, result.value);
}

function nothing(): void {}

function newLooks(): Looks {
	return {
		current: Promise.resolve(),
		next: undefined,
		seen: new Map(),
		told: new Map(),
		unread: new Set(),
		woken: false,
		callbacks: 0,
	};
}
