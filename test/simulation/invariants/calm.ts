import type { ExecutionRecord, Record, TryRecord } from '../record';
import type { Plan } from '../world/plan';
import { itemIndexesOf } from './reading';
import type { Invariant, Violation } from './violation';

/**
 * 4. Continue On Fail holds in every phase, finishing included. No unhandled rejection, no timer left, no request after the
 * end, and no throw out of webhook(), which would resume a paused execution with nothing.
 */
export const calm: Invariant = (record, plan) => [
	...record.executions.flatMap((execution) => continuing(execution, plan)),
	...record.unhandled.map((reason) => violation('unhandled rejection', reason)),
	...(record.timersLeft > 0 ? [violation('timers left', String(record.timersLeft))] : []),
	...requestsAfterEnd(record),
	...record.resumes
		.filter(({ threw }) => threw)
		.map(({ execution }) => violation('webhook() threw', `execution ${execution}`)),
];

function violation(rule: string, detail: string): Violation {
	return { invariant: 4, rule, detail };
}

function continuing({ tries, stoppedSeq = Infinity }: ExecutionRecord, plan: Plan): Violation[] {
	if (plan.node.onError === 'stopWorkflow') return [];
	const running = tries.filter(({ endedSeq = Infinity }) => endedSeq < stoppedSeq);
	return [
		...running.flatMap(({ error }) =>
			error ? [violation('throws under Continue On Fail', error.message)] : [],
		),
		...running.flatMap((one) => missing(one)),
	];
}

/** Each item that came in has something to show for it. */
function missing({ input, output, parked }: TryRecord): Violation[] {
	if (!output || parked) return [];
	const seen = new Set(output.flatMap(itemIndexesOf));
	const lost = input.flatMap((_item, position) => (seen.has(position) ? [] : [position]));
	return lost.length > 0 ? [violation('items without output', `items ${lost.join(', ')}`)] : [];
}

function requestsAfterEnd({ calls }: Record): Violation[] {
	const late = calls.filter(({ try_, seq }) => try_?.endedSeq !== undefined && seq > try_.endedSeq);
	return late
		.slice(0, 1)
		.map(({ operation, at }) => violation('request after the end', `${operation} at ${at} ms`));
}
