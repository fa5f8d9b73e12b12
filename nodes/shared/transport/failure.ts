/** What is known of every failure. Holds no header and no key. */
interface Facts {
	httpStatus?: number;
	requestId?: string;
	/** Seconds, from the Retry-After header. */
	retryAfterS?: number;
}

/** Kling's own error. */
export type CodeFailure = Facts & { kind: 'code'; code: number; message: string };
/** An answer, but not one that Kling's documentation describes. */
export type UnreadableFailure = Facts & { kind: 'unreadable'; reason: UnreadableReason };
/** The request never left this machine, so it created nothing. `reason`: an error code of Node.js, or `HTTP_407` of a proxy. */
export type NotSentFailure = { kind: 'notSent'; reason: string };
/** No answer, or half of one. `reason`: an error code of Node.js, empty if there is none. */
export type NoAnswerFailure = { kind: 'noAnswer'; reason: string };

/** Why a request brought no data. */
export type KlingFailure = CodeFailure | UnreadableFailure | NotSentFailure | NoAnswerFailure;

export type UnreadableReason =
	| 'empty'
	| 'webPage'
	| 'notJson'
	| 'notAnObject'
	| 'noCode'
	| 'redirect'
	| 'successWithErrorStatus'
	| 'noData'
	| 'notATask'
	| 'notAList'
	| 'tooLarge';

export type Result<Value> = { value: Value } | { failure: KlingFailure };

/** Kling's error code, if the failure has one. */
export function codeOf(failure: KlingFailure): number | undefined {
	return failure.kind === 'code' ? failure.code : undefined;
}
