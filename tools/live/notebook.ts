/** R: reported by third parties. G: a guess. O: documented, and worth a look. */
const FACTS = {
	errorsCarryNoData: ['R', 'errors carry no data'],
	errorsHaveErrorStatus: ['R', 'errors do not come with HTTP 200'],
	noLeewayAhead: ['G', 'a token that begins in 60 s is refused with 1003'],
	noLeewayBehind: ['G', 'a token that ended 60 s ago is refused with 1004'],
	unknownTask: ['R', 'an unknown task is 400 / 1201'],
	idsAreText: ['O', 'task ids are text of 18 digits'],
	timesInMs: ['O', 'times are Unix milliseconds'],
	infoEmptyWhileRunning: ['R', 'task_info is {} while the task runs'],
	noResultWhileRunning: ['R', 'task_result is {} or missing while the task runs'],
	infoAtTheEnd: ['O', 'a finished task tells its external id'],
	lookupByExternalId: ['R', 'a task is found by its external id, also while it runs'],
	duplicateRefused: ['R', 'a second create with the same external id is refused with 400 / 1201'],
	duplicateNotCharged: ['R', 'and makes no second task, so nothing is charged'],
	newestFirst: ['G', 'List gives the newest first'],
	statusWord: ['O', 'success is called succeed'],
	unitDeduction: ['O', 'a finished task tells that it took 20 units'],
	imageShape: ['O', 'images are three sets of url_1, url_2, url_3'],
	urlsAreSigned: ['R', 'image URLs are signed'],
	urlsExpire: ['R', 'and expire 30 days after updated_at'],
	plainGet: ['R', 'a plain GET without Authorization gives the image'],
	callbackPerStatus: ['O', 'a callback comes for every change of status'],
	callbackBody: ['R', 'callbacks carry the task without envelope, task_info and images empty'],
} as const;

export type FactName = keyof typeof FACTS;

export interface Notebook {
	/** What was seen of a fact. Of several looks one that speaks against it counts. */
	note: (fact: FactName, held: boolean, seen: unknown) => void;
	table: () => string;
}

export function openNotebook(): Notebook {
	const notes = new Map<FactName, { held: boolean; seen: string }>();
	return {
		note(fact, held, seen) {
			if (notes.get(fact)?.held === false) return;
			notes.set(fact, { held, seen: typeof seen === 'string' ? seen : JSON.stringify(seen) });
		},
		table() {
			const rows = Object.entries(FACTS).map(([name, [mark, fact]]) => {
				const { held, seen = '' } = notes.get(name as FactName) ?? {};
				const verdict = held === undefined ? 'not seen' : held ? 'held' : 'DID NOT HOLD';
				return [`[${mark}]`, verdict.padEnd(12), fact, seen && `(${seen})`].join(' ').trim();
			});
			return rows.join('\n');
		},
	};
}
