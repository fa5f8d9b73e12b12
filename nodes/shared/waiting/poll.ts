import { isFinal, type KlingTask, type TaskReference } from '../client/task';
import type { TaskApi } from '../client/taskApi';
import { smallest } from '../lib/values';
import type { Run } from '../run/operation';
import { TASK_WORDS } from '../run/words';
import { sleep } from '../transport/abort';
import { applyResult, checkAll, type Waited, type Waiting, type Waits } from './pollRound';
import { nextCheckMs } from './schedule';
import type { WaitSettings } from './settings';

export type { Waited } from './pollRound';

/** A task that another request has shown. */
export interface KnownTask {
	task: KlingTask;
	/** This run created it a moment ago, so that a check at once is of no use. */
	isNew: boolean;
}

export interface Polling {
	/**
	 * Waits for the end of a task. Rejects with an error that names it: for a task that Kling does not know, and for a
	 * failed task and the timeout where the settings say so; and with the reason of the run's signal.
	 */
	wait: (task: TaskReference, known?: KnownTask) => Promise<Waited>;
	/** Takes a task that another request has shown. */
	see: (task: KlingTask) => void;
	/** For the output panel. */
	hint: () => string | undefined;
}

interface State extends Waits {
	/** How many tasks have been waited for. */
	count: number;
	rounds: number;
	isPolling: boolean;
	/** Another task has begun to wait in this turn. */
	isPlanning: boolean;
	/** Monotonic ms of the next round. */
	dueAt: number;
	/** Aborted when another round is planned. */
	planned: AbortController;
}

/** One loop checks the tasks of all items. */
export function startPolling(
	run: Run,
	api: TaskApi,
	settings: WaitSettings,
	words = TASK_WORDS,
): Polling {
	const startedAt = performance.now();
	const state: State = {
		run,
		settings,
		words,
		open: new Set(),
		count: 0,
		rounds: 0,
		isPolling: false,
		isPlanning: false,
		dueAt: Infinity,
		planned: new AbortController(),
	};
	return {
		async wait(reference, known) {
			run.signal.throwIfAborted();
			return await new Promise((resolve, reject) => {
				const waiting = { ...waitingFor(reference, known, settings), resolve, reject };
				state.open.add(waiting);
				state.count++;
				// One whose create got no answer may have ended before it was found.
				if (known?.isNew && isFinal(known.task)) applyResult(state, waiting, { value: known.task });
				if (state.open.size === 0) return;
				void planSoon(state);
				if (!state.isPolling) void poll(state, api);
			});
		},
		see(task) {
			for (const one of [...state.open])
				if (one.id === task.task_id) applyResult(state, one, { value: task });
		},
		hint() {
			const { rounds } = state;
			if (rounds === 0) return undefined;
			const seconds = Math.round((performance.now() - startedAt) / 1000);
			return `Finished in ${seconds} s, ${rounds === 1 ? '1 check' : `${rounds} checks`}`;
		},
	};
}

function waitingFor(
	reference: TaskReference,
	{ task, isNew = false }: Partial<KnownTask> = {},
	{ timeoutMs }: WaitSettings,
): Omit<Waiting, 'resolve' | 'reject'> {
	const since = performance.now();
	const deadline = since + timeoutMs;
	return { ...reference, task, failure: undefined, since, deadline, checks: 0, isNew };
}

async function poll(state: State, api: TaskApi): Promise<void> {
	const { run, open } = state;
	state.isPolling = true;
	try {
		// Other items begin to wait in this same turn, and share the first round.
		await Promise.resolve();
		while (open.size > 0) {
			await sleepUntilDue(state);
			state.dueAt = Infinity;
			await checkAll(state, api);
			state.rounds++;
			if (open.size > 0) plan(state);
			const { context } = run;
			context.logger.debug(
				`${context.getNode().name}: check ${state.rounds}, ${open.size} of ${state.count} tasks unfinished`,
			);
		}
	} catch (error) {
		for (const { reject } of open) reject(error as Error);
		open.clear();
	} finally {
		state.isPolling = false;
	}
}

/** Once for all items that begin to wait in this turn, since a plan goes through all open tasks. */
async function planSoon(state: State): Promise<void> {
	if (state.isPlanning) return;
	state.isPlanning = true;
	await Promise.resolve();
	state.isPlanning = false;
	if (state.open.size > 0) plan(state);
}

/** An earlier round that is planned stays planned. */
function plan(state: State): void {
	state.dueAt = Math.min(state.dueAt, performance.now() + untilNextRound(state));
	state.planned.abort();
}

/** Begins again when another plan is made. */
async function sleepUntilDue(state: State): Promise<void> {
	const left = () => state.dueAt - performance.now();
	for (let leftMs = left(); leftMs > 0; leftMs = left()) {
		state.planned = new AbortController();
		await sleep(leftMs, state.run.signal, state.planned.signal);
	}
}

function untilNextRound({ open, settings, count }: State): number {
	const now = performance.now();
	const tasks = [...open];
	const nextMs = nextCheckMs(
		tasks.map(({ since, checks, isNew }) => ({ ageMs: now - since, checks, isNew })),
		{ intervalMs: settings.intervalMs, tasks: count },
	);
	const deadline = smallest(tasks.map((one) => one.deadline));
	return Math.max(0, Math.min(nextMs, deadline - now));
}
