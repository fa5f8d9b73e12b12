import { becomes } from '../pausing';
import type { Cluster } from './cluster';
import type { Part } from './part';

export function cluster(): Cluster {
	if (globalThis.cluster) return globalThis.cluster;
	throw new Error("Only with --runInBand do these tests have globalSetup's processes");
}

/** How often each worker has begun with the execution: once, and once more after each pause. */
export async function startsOf(executionId: string): Promise<number[]> {
	const logs = await Promise.all(cluster().workers.map(async ({ log }) => await log()));
	const begin = `Worker started execution ${executionId} (`;
	return logs.map((log) => log.split(begin).length - 1);
}

/** The worker that has begun with the execution. */
export async function workerOf(executionId: string): Promise<Part> {
	let found: Part | undefined;
	await becomes(`a worker has execution ${executionId}`, async () => {
		const starts = await startsOf(executionId);
		found = cluster().workers.find((_, index) => starts[index] !== 0);
		return found !== undefined;
	});
	return found as Part;
}

/** Starts again what a test has ended. */
export async function startAll(): Promise<void> {
	const { main, webhook, workers } = cluster();
	const over = [main, webhook, ...workers].filter(({ isOver }) => isOver());
	await Promise.all(over.map(async ({ start }) => await start()));
}

/** The same address at one of the processes that answer webhooks. */
export const at = ({ baseUrl }: Part, url: string): string => {
	const { pathname, search } = new URL(url);
	return `${baseUrl()}${pathname}${search}`;
};
