import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from './random';
import type { Reply } from './reply';
import type { Operation, RecordedRequest } from './requests';
import { struck } from './struck';

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

export interface FaultHandle {
	readonly hits: number;
	remove(): void;
}

export interface Faults {
	add(fault: Fault): FaultHandle;
	/** Runs `effect` with the faults that strike `request`. `ids`: of the task that it is about. */
	around(
		request: RecordedRequest,
		ids: ReadonlyArray<string>,
		effect: () => Promise<Reply>,
	): Promise<Reply>;
	clear(): void;
}

/** `seed` is for faults that name none. */
export function makeFaults(closing: AbortSignal, seed: number): Faults {
	const active = new Set<{
		fault: Fault;
		hits: number;
		strikes(request: RecordedRequest, ids: ReadonlyArray<string>): boolean;
	}>();

	return {
		add(fault) {
			const random = seededRandom(fault.seed ?? seed);
			const times = fault.times ?? (fault.probability === undefined ? 1 : Infinity);
			let fitting = 0;
			const entry = {
				fault,
				hits: 0,
				strikes(request: RecordedRequest, ids: ReadonlyArray<string>) {
					if (!fits(fault, request, ids) || entry.hits >= times) return false;
					if (fitting++ < (fault.skip ?? 0)) return false;
					if (random() >= (fault.probability ?? 1)) return false;
					entry.hits++;
					return true;
				},
			};
			active.add(entry);
			return {
				get hits() {
					return entry.hits;
				},
				remove: () => void active.delete(entry),
			};
		},
		async around(request, ids, effect) {
			let chosen: Fault | undefined;
			let delayBefore = 0;
			let delayAfter = 0;
			for (const entry of [...active]) {
				const { fault } = entry;
				if (chosen && fault.kind !== 'slow') continue;
				if (!entry.strikes(request, ids)) continue;
				if (fault.kind !== 'slow') chosen = fault;
				else if (fault.when === 'after') delayAfter += fault.delayMs ?? 0;
				else delayBefore += fault.delayMs ?? 0;
				request.fault = fault.kind;
			}
			if (delayBefore) await pause(delayBefore, undefined, { signal: closing });
			const reply = await struck(chosen, effect);
			if (delayAfter) await pause(delayAfter, undefined, { signal: closing });
			return reply;
		},
		clear: () => active.clear(),
	};
}

function fits(fault: Fault, request: RecordedRequest, ids: ReadonlyArray<string>): boolean {
	const { on, task_id, external_task_id, matching } = fault;
	const { operation } = request;
	if (on === 'any' ? operation === 'file' : ![on].flat().includes(operation)) return false;
	if (task_id !== undefined && !ids.includes(task_id)) return false;
	if (external_task_id !== undefined && !ids.includes(external_task_id)) return false;
	return matching?.(request) ?? true;
}
