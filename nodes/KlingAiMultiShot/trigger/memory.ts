import type { IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../../shared/client/task';
import { expiringMap, type ExpiringMap } from '../../shared/lib/expiringMap';
import { limiter, type Limiter } from '../../shared/lib/limiter';
import { processMap } from '../../shared/transport/processMaps';
import type { Verdict } from './verdict';

/** What this process knows of a task. */
export interface KnownTask {
	/** Statuses that were output, or that need no further read. */
	done: Set<TaskStatus>;
	/** It was seen with a final status. */
	finished: boolean;
	/** By the status that the callback states. */
	pending: Map<TaskStatus, Promise<Verdict>>;
}

/** What one trigger remembers from request to request. */
export interface Memory {
	tasks: ExpiringMap<KnownTask>;
	/** `<task id> <stated status>` of what Kling's API did not know a moment ago. */
	unknown: ExpiringMap<true>;
	/** Reads that are under way or wait for their turn. */
	reads: number;
	/** Callbacks that wait for the read of another one. */
	followers: number;
	limitedRead: Limiter;
	limitedDownload: Limiter;
}

export const READS_CONCURRENCY = 5;
const DOWNLOADS_CONCURRENCY = 3;
const TASKS = { max: 10_000, lifetimeMs: 24 * 60 * 60 * 1000 };
const UNKNOWN = { max: 10_000, lifetimeMs: 60_000 };

/** In the process alone: n8n's static data loses what parallel callbacks write. */
const memories = processMap<Memory>('triggers');

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
		tasks: expiringMap(TASKS),
		unknown: expiringMap(UNKNOWN),
		reads: 0,
		followers: 0,
		limitedRead: limiter(READS_CONCURRENCY),
		limitedDownload: limiter(DOWNLOADS_CONCURRENCY),
	};
}
