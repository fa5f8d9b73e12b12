import { NodeOperationError, sleep as sleepFor } from 'n8n-workflow';
import type { KlingContext } from './context';

const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal is aborted, at once where it is already. All share one listener of the signal itself:
 * from the eleventh on Node.js would warn of a leak.
 * @returns to be called when the listener is no longer needed
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
	if (signal.aborted) {
		listener();
		return () => undefined;
	}
	const listeners = listenersOf.get(signal) ?? listenTo(signal);
	listeners.add(listener);
	return () => void listeners.delete(listener);
}

function listenTo(signal: AbortSignal): Set<() => void> {
	const listeners = new Set<() => void>();
	listenersOf.set(signal, listeners);
	signal.addEventListener(
		'abort',
		() => {
			for (const listener of [...listeners]) listener();
			listeners.clear();
		},
		{ once: true },
	);
	return listeners;
}

/**
 * `signal` is aborted by n8n's Stop and by the workflow's timeout, which only executions have. Its reason is an error
 * whose message contains "canceled": n8n uses that word to tell a stopped execution from a failed one. `close` stops listening.
 */
export function openStop(context: KlingContext): { signal: AbortSignal; close: () => void } {
	const stopping = new AbortController();
	const n8n =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const stop = () =>
		stopping.abort(new NodeOperationError(context.getNode(), 'The execution was canceled'));
	return { signal: stopping.signal, close: n8n ? onAbort(n8n, stop) : () => undefined };
}

/** A controller that is also aborted when `parent` is. */
export function childController(parent: AbortSignal): AbortController {
	const child = new AbortController();
	onAbort(parent, () => child.abort(parent.reason));
	return child;
}

/** @throws the signal's reason as soon as it is aborted; the result of the work is then ignored */
export async function untilAborted<Value>(
	work: Promise<Value>,
	signal: AbortSignal,
): Promise<Value> {
	let forget = (): void => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		forget = onAbort(signal, () => reject(signal.reason as Error));
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		forget();
	}
}

/**
 * @param early ends the pause before its time, without an error
 * @throws the reason of `signal`
 */
export async function sleep(ms: number, signal: AbortSignal, early?: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	const waking = new AbortController();
	const wake = () => waking.abort();
	const forget = [onAbort(signal, wake), early ? onAbort(early, wake) : wake];
	try {
		// Up to n8n-workflow 2.33 the second argument is ignored, and the timer runs to its end.
		await untilAborted(sleepFor(ms, waking.signal), waking.signal).catch(() =>
			signal.throwIfAborted(),
		);
	} finally {
		for (const end of forget) end();
	}
}
