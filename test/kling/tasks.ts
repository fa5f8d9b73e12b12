import { randomInt } from 'node:crypto';
import type { World } from './world';

export type TaskStatus = 'submitted' | 'processing' | 'succeed' | 'failed';

export interface Task {
	/** 18 digits, odd, so that a Number never holds it. */
	readonly task_id: string;
	readonly external_task_id: string | undefined;
	status: TaskStatus;
	task_status_msg: string;
	/** Unix ms, Kling's clock. */
	readonly created_at: number;
	updated_at: number;
	readonly callback_url: string | undefined;
	/** Of the image as sent; empty for a task made elsewhere. */
	readonly image: { sha256: string; bytes: number };
	/** Made by a POST to this Kling. One of AI Multi-Shot then costs 20 units. */
	readonly charged: boolean;
	/** Only in auto mode. */
	durationMs?: number;
	/** It will fail with this reason, whatever it is told. */
	readonly failsWith: string | undefined;
	/** Oldest first, with the time since when it holds. */
	readonly history: [Moment, ...Moment[]];
}

export interface Moment {
	since: number;
	status: TaskStatus;
	task_status_msg: string;
	updated_at: number;
}

export type NewTask = Partial<Omit<Task, 'task_id' | 'history' | 'durationMs'>>;

export interface TaskStore {
	/** Newest last. */
	readonly all: Task[];
	add(task: NewTask): Task;
	find(id: string): Task | undefined;
	/** The newest one, should there be several. */
	findExternal(id: string): Task | undefined;
	running(): number;
	maxRunning: number;
	/** Throws when there is no such task or when it has ended. */
	change(id: string, status: TaskStatus, task_status_msg?: string): Task;
	clear(): void;
}

export function isFinal(status: TaskStatus): boolean {
	return status === 'succeed' || status === 'failed';
}

export function makeTaskStore(world: Pick<World, 'now'>): TaskStore {
	const all: Task[] = [];
	const byId = new Map<string, Task>();
	const store: TaskStore = {
		all,
		maxRunning: 0,
		add(given) {
			const task = completeTask(given, world.now(), newTaskId(byId));
			all.push(task);
			byId.set(task.task_id, task);
			store.maxRunning = Math.max(store.maxRunning, store.running());
			return task;
		},
		find: (id) => byId.get(id),
		findExternal: (id) => all.findLast((task) => task.external_task_id === id),
		running: () => all.filter((task) => !isFinal(task.status)).length,
		change(id, status, message) {
			const task = byId.get(id);
			if (!task) throw new Error(`No task ${id}`);
			if (isFinal(task.status)) throw new Error(`Task ${id} has ended: ${task.status}`);
			const fails = task.failsWith !== undefined && isFinal(status);
			task.status = fails ? 'failed' : status;
			task.task_status_msg = (fails ? task.failsWith : message) ?? defaultMessage(task.status);
			task.updated_at = Math.max(world.now(), task.created_at);
			const { status: reached, task_status_msg, updated_at } = task;
			task.history.push({ since: world.now(), status: reached, task_status_msg, updated_at });
			return task;
		},
		clear() {
			all.length = 0;
			byId.clear();
			store.maxRunning = 0;
		},
	};
	return store;
}

function completeTask(given: NewTask, now: number, task_id: string): Task {
	const status = given.status ?? 'submitted';
	const created_at = given.created_at ?? now;
	const updated_at = given.updated_at ?? created_at;
	const task_status_msg = given.task_status_msg ?? defaultMessage(status);
	return {
		external_task_id: undefined,
		callback_url: undefined,
		failsWith: undefined,
		image: { sha256: '', bytes: 0 },
		charged: false,
		...given,
		status,
		task_id,
		created_at,
		updated_at,
		task_status_msg,
		history: [{ since: -Infinity, status, task_status_msg, updated_at }],
	};
}

function defaultMessage(status: TaskStatus): string {
	return status === 'failed' ? 'Failure to pass the risk control system' : '';
}

/** Random and not seeded: whatever remembers ids must never meet one twice, after a reset neither. */
function newTaskId(taken: ReadonlyMap<string, Task>): string {
	const digits = (length: number) => String(randomInt(10 ** length)).padStart(length, '0');
	const id = `8${digits(8)}${digits(8)}${randomInt(5) * 2 + 1}`;
	return taken.has(id) ? newTaskId(taken) : id;
}
