import { LIST_FROM } from '../client/readTasks';
import { largest, smallest } from '../lib/values';

/** A task that has not finished, as far as the schedule needs it. */
export interface Checked {
	/** Since the answer to its create if this run created it, otherwise since its wait began. By this machine's clock. */
	ageMs: number;
	/** This run created it, so `ageMs` is its real age. Any other task may end at any moment. */
	isNew: boolean;
	/** How often this run has checked it. */
	checks: number;
}

export interface Waits {
	/** The user's Poll Interval, kept exactly; 0 is automatic. */
	intervalMs: number;
	/** How many tasks this run waits for, the finished ones included. */
	tasks: number;
}

/** How dense the checks are from the earliest likely end on. Times in ms. */
interface Pace {
	fromMs: number;
	stepMs: number;
	/** From {@link PEAK_FROM_MS} to {@link PEAK_TO_MS}. */
	peakStepMs: number;
	/** Later, a task is checked whenever its age has grown by this share. */
	stepPerAge: number;
}

/** For tasks that end at once, and for the 3 to 8 s of a local Kling. */
const EARLY_CHECKS_MS = [1_000, 8_000];
/** Kling's tasks are reported to take 20 to 60 s. Checks are densest in the second half of that. */
const PEAK_FROM_MS = 32_000;
const PEAK_TO_MS = 60_000;
/** Bounds of the steps of a task that takes unusually long. */
const MIN_LATE_STEP_MS = 3_000;
const MAX_LATE_STEP_MS = 15_000;
/** A timer may fire a little early: what is due within this time has just been done. */
const JUST_CHECKED_MS = 250;

/** A run with at least this many tasks checks less often, to save requests. */
const MANY = 6;
const FEW_TASKS: Pace = { fromMs: 16_500, stepMs: 2_400, peakStepMs: 1_800, stepPerAge: 1 / 40 };
const MANY_TASKS: Pace = { fromMs: 15_000, stepMs: 3_800, peakStepMs: 3_400, stepPerAge: 1 / 25 };
/** The last two of many, which no longer share their requests. */
const LAST_OF_MANY: Pace = { fromMs: 15_000, stepMs: 4_400, peakStepMs: 4_400, stepPerAge: 1 / 20 };

/**
 * When to check the unfinished tasks next, all of them in one round. The automatic schedule is fixed: adapting it to
 * observed durations would gain only tenths of a second (`npm run bench:polling`).
 *
 * Call it after each round with the tasks that are left, and when the wait for a task begins. If a round is already
 * planned, the earlier one counts. The tasks' time limits are up to the caller.
 * @param open at least one
 * @returns milliseconds from now; 0 if a task that this run did not create has not been checked yet
 */
export function nextCheckMs(open: Checked[], waits: Waits): number {
	if (open.some(({ isNew, checks }) => !isNew && checks === 0)) return 0;
	if (waits.intervalMs > 0) return waits.intervalMs;
	const pace = paceFor(open.length, waits.tasks);
	const oldestMs = largest(open.map(({ ageMs }) => ageMs));
	return smallest(open.map((task) => untilCheck(task, pace, task.ageMs === oldestMs)));
}

function paceFor(open: number, tasks: number): Pace {
	if (tasks < MANY) return FEW_TASKS;
	return open < LIST_FROM ? LAST_OF_MANY : MANY_TASKS;
}

function untilCheck({ ageMs, isNew }: Checked, pace: Pace, isOldest: boolean): number {
	if (!isNew || ageMs >= pace.fromMs) return stepAt(ageMs, pace, isNew);
	if (!isOldest) return Math.max(pace.fromMs - ageMs, pace.stepMs);
	// Only the oldest: tasks created within a few seconds share their early rounds.
	const early = EARLY_CHECKS_MS.find((atMs) => atMs > ageMs + JUST_CHECKED_MS);
	return (early ?? pace.fromMs) - ageMs;
}

function stepAt(ageMs: number, pace: Pace, isNew: boolean): number {
	if (isNew && ageMs < PEAK_FROM_MS) return pace.stepMs;
	if (ageMs < PEAK_TO_MS) return pace.peakStepMs;
	const lateStepMs = Math.max(pace.peakStepMs, MIN_LATE_STEP_MS, ageMs * pace.stepPerAge);
	return Math.min(lateStepMs, MAX_LATE_STEP_MS);
}
