import { processMap } from '../transport/processMaps';

/** What was seen of facts that Kling's documentation leaves open; undefined if nothing was seen yet. */
export interface Facts {
	/** Whether a task is found by its external id. */
	lookupWorks?: boolean;
	/** Whether Kling refuses an external id that was used before. */
	duplicatesRefused?: true;
}

const facts = processMap<Facts>('facts');

/** Of one account; what a run sees is written into it. */
export function factsOf(account: string): Facts {
	const known = facts.get(account) ?? {};
	facts.set(account, known);
	return known;
}
