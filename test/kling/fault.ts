import type { Operation, RecordedRequest } from './requests';

/**
 * Without an answer of Kling's: `drop` (the connection), `error` (envelope), `html` (a page of the edge), `body` (as given),
 * `empty` (`{}`), `redirect`, `huge` (`bytes` of JSON that never closes).
 * Kling's answer spoiled, so always after the effect: `noData`, `wrongTypes`, `truncated` (whole HTTP, half the JSON), `cut` (connection lost half way).
 * `slow` delays and goes with any other.
 */
export type FaultKind =
	| 'drop'
	| 'error'
	| 'html'
	| 'body'
	| 'empty'
	| 'redirect'
	| 'huge'
	| 'noData'
	| 'wrongTypes'
	| 'truncated'
	| 'cut'
	| 'slow';

export interface Fault {
	/** `any` is every operation but `file`. */
	on: Operation | 'any' | ReadonlyArray<Operation>;
	kind: FaultKind;
	/** How often it strikes: 1 unless told; without end when `probability` is given. */
	times?: number;
	/** 0 to 1, drawn from `seed`. */
	probability?: number;
	seed?: number;
	/** So many fitting requests are let through first. */
	skip?: number;
	/** Before (default) or after the task was made. */
	when?: 'before' | 'after';
	/** Only requests about this task. */
	task_id?: string;
	external_task_id?: string;
	matching?: (request: RecordedRequest) => boolean;
	/** Of the envelope (`error`); 5000 unless told. */
	code?: number;
	message?: string;
	/** HTTP status: the code's own for `error`, 502 for `html`, 302 for `redirect`, else 200. */
	status?: number;
	/** Seconds, or a date, as it goes out. */
	retryAfter?: number | string;
	headers?: Record<string, string>;
	/** `slow` */
	delayMs?: number;
	/** `redirect` */
	location?: string;
	/** `body`: a string goes out as it is, anything else as JSON. */
	body?: unknown;
	/** `huge`: Infinity unless told. */
	bytes?: number;
}
