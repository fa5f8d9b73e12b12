import { onAbort } from '../transport/abort';

/** Lets creates through one by one once the account's limit is known to be reached. */
export interface Slots {
	/**
	 * Waits for a slot.
	 * @returns false if the time for it is over
	 * @throws the reason of the signal
	 */
	acquire: () => Promise<boolean>;
	release: (count: number) => void;
	/** Ends all waits: no slot comes in time. */
	giveUp: () => void;
	/** Rejects all waits. */
	fail: (reason: Error) => void;
	waiting: () => number;
}

interface Job {
	go: (allowed: boolean) => void;
	fail: (reason: Error) => void;
}

/** @param signal once it is aborted, whoever waits is removed and rejected */
export function openSlots(signal: AbortSignal): Slots {
	const jobs = new Set<Job>();
	let free = 0;

	function failAll(reason: Error): void {
		for (const { fail } of jobs) fail(reason);
		jobs.clear();
	}
	onAbort(signal, () => failAll(signal.reason as Error));

	function take(): Job | undefined {
		const [job] = jobs;
		if (job) jobs.delete(job);
		return job;
	}

	return {
		async acquire() {
			signal.throwIfAborted();
			if (free > 0) {
				free--;
				return true;
			}
			return await new Promise<boolean>((go, fail) => jobs.add({ go, fail }));
		},
		release(count) {
			for (let released = 0; released < count; released++) {
				const job = take();
				if (job) job.go(true);
				else free++;
			}
		},
		giveUp() {
			for (let job = take(); job; job = take()) job.go(false);
		},
		fail: failAll,
		waiting: () => jobs.size,
	};
}
