import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault';
import { seededRandom } from './random';
import type { Reply } from './reply';
import type { RecordedRequest } from './requests';
import { struck } from './struck';

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
