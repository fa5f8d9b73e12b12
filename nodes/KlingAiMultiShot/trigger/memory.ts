import type { IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../../shared/client/task';
import { limiter } from '../../shared/lib/limiter';
import { recent, type Recent } from '../../shared/lib/expiringMap';
import type { Verdict } from './verdict';

/** What this process knows of a task. */
export interface KnownTask {
	/** Statuses that came out, or that need no further look. */
	done: Set<TaskStatus>;
	/** It was seen with a final status. */
	finished: boolean;
	/** By the status that the callback states. */
	pending: Map<TaskStatus, Promise<Verdict>>;
}

/** What one trigger remembers from request to request. */
export interface Memory {
	tasks: Recent<KnownTask>;
	/** `<task id> <stated status>` of what Kling's API did not know a moment ago. */
	unknown: Recent<true>;
	/** Looks at Kling that are under way or wait for their turn. */
	looks: number;
	/** Callbacks that wait for the look of another one. */
	followers: number;
	limitedLook: ReturnType<typeof limiter>;
	limitedDownload: ReturnType<typeof limiter>;
}

export const LOOKS_SIDE_BY_SIDE = 5;
const DOWNLOADS_SIDE_BY_SIDE = 3;
const MOST_TRIGGERS = 1_000;
const MOST_TASKS = 10_000;
const TASK_KNOWN_MS = 24 * 60 * 60 * 1000;
const UNKNOWN_MS = 60_000;

/** In the process alone: n8n's static data loses what parallel callbacks write. */
const memories = recent<Memory>(MOST_TRIGGERS, Infinity);

/** One for each trigger and account, so that they do not disturb each other. */
export function memoryOf(context: IWebhookFunctions): Memory {
	const { id, webhookId, credentials } = context.getNode();
	const account = credentials?.klingApi?.id ?? '';
	const parts = [context.getWorkflow().id, id, webhookId, account, context.getMode()];
	const key = parts.join(' ');
	const memory = memories.get(key) ?? newMemory();
	memories.set(key, memory);
	return memory;
}

function newMemory(): Memory {
	return {
		tasks: recent(MOST_TASKS, TASK_KNOWN_MS),
		unknown: recent(MOST_TASKS, UNKNOWN_MS),
		looks: 0,
		followers: 0,
		limitedLook: limiter(LOOKS_SIDE_BY_SIDE),
		limitedDownload: limiter(DOWNLOADS_SIDE_BY_SIDE),
	};
}
