/** How this Kling behaves. Each default is what is documented or reported; each other value is the opposite of a fact that nobody can vouch for. May be changed at any time. */
export interface Switches {
	/** Reported: GET /{external_task_id} works. */
	lookupByExternalId: boolean;
	/** Documented: a second create with the same external id is refused. */
	externalIdsUnique: boolean;
	/** `{id}` becomes the external id. */
	duplicateMessage: string;
	duplicateCode: number;
	/** Reported: 400 with code 1201. The opposite is 404 with code 1203. */
	unknownTask: 400 | 404;
	/** A created task is unknown to Get, to List, for so long. Uniqueness of external ids knows it at once. */
	getVisibleAfterMs: number;
	listVisibleAfterMs: number;
	/** Get and List tell the status of so long ago, while callbacks tell today's. */
	queryLagMs: number;
	/** `views`: three sets of url_1..3. `flat`: `{index, url}`, as on an older page. */
	imageShape: 'views' | 'flat';
	/** What Get, List and callbacks call success. */
	successWord: 'succeed' | 'succeeded';
	/** Guessed: newest first. */
	listOrder: 'newestFirst' | 'oldestFirst';
	/** `final`: `{}` while the task runs, filled at its end. `omitted` and `empty` hold for a finished task, and for the answer to a create, too. */
	taskInfo: 'final' | 'always' | 'empty' | 'omitted';
	/** `task_result` while there is none. */
	emptyResult: 'object' | 'omitted';
	/** Documented as possibly absent. */
	unitDeduction: boolean;
	/** Under 300 px: refused at the create (documented), or accepted and failed later (reported). */
	smallImage: 'refuse' | 'failLater';
	/** "At most 10 MB" could mean either megabyte. */
	maxImageBytes: number;
	/** A callback for `submitted`, at the create, counts as a status change. */
	callbackOnSubmitted: boolean;
	/** `real`: as reported, with empty `task_info` and `task_result`. `documented`: the task as Get tells it. `newer`: `{id, status, outputs, …}`. */
	callbackBody: 'real' | 'documented' | 'newer';
	/** 0 is never, 2 is twice. */
	callbackCopies: number;
	callbackDelayMs: number;
	/** `reversed`: what comes before the final status is held back and sent after it, newest first. */
	callbackOrder: 'inOrder' | 'reversed';
	/** All keys belong to another region. */
	wrongRegion: boolean;
	/** `code` other than 0 comes with HTTP 200. */
	errorsWithHttp200: boolean;
	/** Reported: errors carry no `data` key. The opposite is `data: null`. */
	errorsCarryNullData: boolean;
	/** A full account answers 1303 before it sees that the external id exists. */
	slotsCheckedFirst: boolean;
	/** Digits of an element's id. Documented: 18, above 2^53; reported: 15. */
	elementIdDigits: 15 | 18;
	/** `final_unit_deduction` of an element. Reported: 0. */
	elementUnits: string;
	/** How an element lists its tags: `{tag_id}` or `{id, name}`. */
	elementTags: 'tag_id' | 'id';
	/** Reported: `code` 0 may come without `data`. */
	deleteAnswer: 'element' | 'noData';
	/** Reported: deleting an element again is refused. */
	deletedAgain: 'refused' | 'accepted';
	/** Documented: a deleted element stays in the list, with this status. */
	deletedElements: 'listed' | 'hidden';
	/** Tasks of both endpoints count against one limit. */
	elementsShareSlots: boolean;
	/** An external id that one endpoint knows is refused by the other one, too. */
	externalIdsSpanEndpoints: boolean;
	/** More creates than this within a second get 1302. Queries have no limit. */
	createsPerSecond: number;
	/** After `updated_at`. */
	viewLifetimeMs: number;
	viewType: 'png' | 'jpeg';
}

export const DEFAULT_SWITCHES: Readonly<Switches> = {
	lookupByExternalId: true,
	externalIdsUnique: true,
	duplicateMessage: 'External_task_id {id} already exists',
	duplicateCode: 1201,
	unknownTask: 400,
	getVisibleAfterMs: 0,
	listVisibleAfterMs: 0,
	queryLagMs: 0,
	imageShape: 'views',
	successWord: 'succeed',
	listOrder: 'newestFirst',
	taskInfo: 'final',
	emptyResult: 'object',
	unitDeduction: true,
	smallImage: 'refuse',
	maxImageBytes: 10 * 1024 * 1024,
	callbackOnSubmitted: false,
	callbackBody: 'real',
	callbackCopies: 1,
	callbackDelayMs: 0,
	callbackOrder: 'inOrder',
	wrongRegion: false,
	errorsWithHttp200: false,
	errorsCarryNullData: false,
	slotsCheckedFirst: false,
	elementIdDigits: 18,
	elementUnits: '0',
	elementTags: 'tag_id',
	deleteAnswer: 'element',
	deletedAgain: 'refused',
	deletedElements: 'listed',
	elementsShareSlots: false,
	externalIdsSpanEndpoints: false,
	createsPerSecond: Infinity,
	viewLifetimeMs: 30 * 24 * 60 * 60 * 1000,
	viewType: 'png',
};
