import type { KlingAnswer } from './envelope';
import type { KlingContext } from './context';
import { sendOnce, type KlingRequest } from './request';
import { againAfter, backoffMs, MAX_TRIES } from './retry';
import { sleepUnlessCancelled } from './cancel';

/**
 * A request that changes nothing, sent again where that may help, {@link MAX_TRIES} times at the most.
 * @throws NodeOperationError before anything is sent where the credential cannot be used, or where the execution was stopped
 */
export async function sendRead(context: KlingContext, request: KlingRequest): Promise<KlingAnswer> {
	let resigned = false;
	for (let tries = 1; ; tries++) {
		const answer = await sendOnce(context, request);
		if (!('failure' in answer)) return answer;
		const again = againAfter(answer.failure);
		if (again === 'never' || tries >= MAX_TRIES || (again === 'resign' && resigned)) return answer;
		if (again === 'resign') resigned = true;
		else await sleepUnlessCancelled(context, backoffMs(tries, answer.failure));
	}
}
