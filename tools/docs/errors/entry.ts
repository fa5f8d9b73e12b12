/** One text of the catalogue. */
export interface Entry {
	/** When a user meets it, as a whole sentence. */
	when: string;
	/** Gives or throws the error, or gives the text of a hint. */
	show: () => unknown;
}

export interface Section {
	heading: string;
	/** A paragraph below the heading. */
	about?: string;
	/** In a table: short texts that belong together. */
	isTable?: true;
	entries: Entry[];
}

export interface Shown {
	headline: string;
	/** Lines below the headline; empty where there are none. */
	description: string;
	/** Where it was created. */
	stack: string;
}

/** An ISO time of now would change the page with each run. */
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const SHOWN_TIME = '2026-11-26T08:00:00.000Z';

export async function showEntry({ show }: Entry): Promise<Shown> {
	let given: unknown;
	try {
		given = await show();
	} catch (error) {
		given = error;
	}
	if (typeof given === 'string') return { headline: fixed(given), description: '', stack: '' };
	if (!(given instanceof Error)) throw new Error(`Neither an error nor a text: ${String(given)}`);
	const { message } = given;
	const description = 'description' in given ? given.description : undefined;
	return {
		headline: fixed(message),
		description: fixed(typeof description === 'string' ? description : ''),
		stack: stackOf(given),
	};
}

/** With those of its causes. */
function stackOf(error: unknown): string {
	return error instanceof Error ? `${error.stack ?? ''}\n${stackOf(error.cause)}` : '';
}

function fixed(text: string): string {
	return text.replace(TIME, SHOWN_TIME);
}
