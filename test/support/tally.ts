export interface Settled {
	/** Tasks that the user asked for and has to pay. */
	wanted: number;
	/** Tasks that Kling charged. */
	charged: number;
	/** Ids of the charged tasks that are in the user's hands: put out, named by an error, or found by List. */
	found: Iterable<string>;
}

/** Prints a line for the scenario and fails where a paid task was lost or one was paid twice. */
export function settle(scenario: string, { wanted, charged, found }: Settled): void {
	const lost = Math.max(charged - new Set(found).size, 0);
	const paidTwice = Math.max(charged - wanted, 0);
	console.log(`${scenario}: ${charged} tasks paid, ${lost} lost, ${paidTwice} paid twice`);
	expect({ lost, paidTwice }).toEqual({ lost: 0, paidTwice: 0 });
}
