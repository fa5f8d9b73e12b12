import { NodeOperationError, sleep } from 'n8n-workflow';
import { cancelSignal, type KlingContext } from './context';

/** No n8n has a sleep that the others have, too, and that can be aborted: its timer is left behind for so long at most. */
const SLICE_MS = 500;

export function isCancelled(context: KlingContext): boolean {
	return cancelSignal(context)?.aborted === true;
}

/**
 * By the word "canceled" n8n tells a stopped execution from one that failed, which would start the error workflow.
 * @throws NodeOperationError where the execution was stopped
 */
export function throwIfCancelled(context: KlingContext): void {
	if (isCancelled(context))
		throw new NodeOperationError(context.getNode(), 'The execution was canceled');
}

/**
 * Ends at once when the execution is stopped: n8n is about to store the execution, with the error if that comes in time.
 * @throws NodeOperationError where the execution was stopped
 */
export async function sleepUnlessCancelled(context: KlingContext, ms: number): Promise<void> {
	const until = Date.now() + ms;
	const signal = cancelSignal(context);
	let wake = (): void => undefined;
	const cancelled = new Promise<void>((resolve) => (wake = resolve));
	signal?.addEventListener('abort', wake);
	try {
		throwIfCancelled(context);
		for (let left = ms; left > 0; left = until - Date.now()) {
			await Promise.race([sleep(Math.min(left, SLICE_MS)), cancelled]);
			throwIfCancelled(context);
		}
	} finally {
		signal?.removeEventListener('abort', wake);
	}
}
