import { NodeOperationError, sleep as sleepFor } from 'n8n-workflow';
import type { KlingContext } from './context';

/**
 * Aborted by n8n's Stop and by the workflow's timeout; only an execution has them. Its reason is an error with the
 * word "canceled", by which n8n tells a stopped execution from a failed one.
 */
export function stopSignal(context: KlingContext): AbortSignal {
	const stopping = new AbortController();
	const n8n =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const stop = () =>
		stopping.abort(new NodeOperationError(context.getNode(), 'The execution was canceled'));
	if (n8n?.aborted) stop();
	else n8n?.addEventListener('abort', stop, { once: true });
	return stopping.signal;
}

/** An own controller that `parent` aborts, too. */
export function childController(parent: AbortSignal): AbortController {
	const child = new AbortController();
	const abort = () => child.abort(parent.reason);
	if (parent.aborted) abort();
	else parent.addEventListener('abort', abort, { once: true });
	return child;
}

/** @throws the signal's reason as soon as it is aborted; the work itself then goes on unheard */
export async function untilAborted<Value>(
	work: Promise<Value>,
	signal: AbortSignal,
): Promise<Value> {
	let abort = (): void => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		abort = () => reject(signal.reason as Error);
		if (signal.aborted) abort();
		else signal.addEventListener('abort', abort, { once: true });
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

/**
 * Milliseconds of monotonic time.
 * @throws the signal's reason
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	// Up to n8n-workflow 2.33 the second argument is not known, and the timer runs out unheard.
	await untilAborted(sleepFor(ms, signal), signal);
}

export function throwIfCancelled(context: KlingContext): void {
	stopSignal(context).throwIfAborted();
}
