import { isFinal, type Task, type TaskStatus } from './tasks';

/** How a task ends by itself; undefined is `succeed`. */
export type Fate = (
	task: Task,
) => { status: 'succeed' | 'failed'; task_status_msg?: string } | undefined;

export interface Clockwork {
	/** submitted, processing after a quarter of the time, then its end. */
	start(task: Task): void;
	stop(task: Task): void;
	stopAll(): void;
}

export function makeClockwork(
	durationMs: () => number,
	fate: Fate,
	move: (task: Task, status: TaskStatus, task_status_msg?: string) => void,
): Clockwork {
	const timers = new Map<Task, NodeJS.Timeout[]>();
	const clockwork: Clockwork = {
		start(task) {
			if (isFinal(task.status)) return;
			const duration = durationMs();
			task.durationMs = duration;
			const process = setTimeout(() => {
				if (task.status === 'submitted') move(task, 'processing');
			}, duration / 4);
			const end = setTimeout(() => {
				const { status, task_status_msg } = fate(task) ?? { status: 'succeed' };
				move(task, status, task_status_msg);
			}, duration);
			timers.set(task, [process, end]);
		},
		stop(task) {
			for (const timer of timers.get(task) ?? []) clearTimeout(timer);
			timers.delete(task);
		},
		stopAll() {
			for (const task of [...timers.keys()]) clockwork.stop(task);
		},
	};
	return clockwork;
}
