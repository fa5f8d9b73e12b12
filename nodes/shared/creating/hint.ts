import type { Words } from '../run/words';

const HOUR_MS = 60 * 60 * 1000;

interface Counts {
	created: number;
	reused: number;
	/** Unix milliseconds of the oldest reused task's creation. */
	oldest: number;
}

/** For the output panel; undefined where there is nothing to say. */
export function hintFor({ count }: Words, { created, reused, oldest }: Counts): string | undefined {
	if (created + reused === 0) return undefined;
	if (reused === 0) return `${count}: ${created}`;
	const hours = Math.floor((Date.now() - oldest) / HOUR_MS);
	const age = hours >= 1 ? ` (created up to ${hours} h ago)` : '';
	return `${count}: ${created}, reused: ${reused}${age}`;
}
