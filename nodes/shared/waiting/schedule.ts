export interface Checked {
	/** Since the wait began. */
	ageMs: number;
	checks: number;
	/** It was created a moment ago. */
	isNew: boolean;
}

const AUTOMATIC_MS = 2_200;

/** Milliseconds until the next round of checks. @param intervalMs 0: automatic */
export function nextCheckMs(waiting: Checked[], intervalMs: number): number {
	if (waiting.some(({ checks, isNew }) => checks === 0 && !isNew)) return 0;
	return intervalMs > 0 ? intervalMs : AUTOMATIC_MS;
}
