import { NodeOperationError, sleep } from 'n8n-workflow';
import { cancelSignal, type KlingContext } from './context';

/** Older n8n knows no sleep that can be aborted: it sleeps to the end of a slice at most. */
const SLICE_MS = 500;

/**
 * By the word "canceled" n8n tells a stopped execution from one that failed, which would start the error workflow.
 * @throws NodeOperationError where the execution was stopped
 */
export function throwIfCancelled(context: KlingContext): void {
	if (cancelSignal(context)?.aborted)
		throw new NodeOperationError(context.getNode(), 'The execution was canceled');
}

/** @throws NodeOperationError within half a second after the execution was stopped */
export async function sleepUnlessCancelled(context: KlingContext, ms: number): Promise<void> {
	const until = Date.now() + ms;
	throwIfCancelled(context);
	for (let left = ms; left > 0; left = until - Date.now()) {
		await sleep(Math.min(left, SLICE_MS));
		throwIfCancelled(context);
	}
}
