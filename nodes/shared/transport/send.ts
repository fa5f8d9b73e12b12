import { sleep } from './cancel';
import type { KlingAnswer } from './envelope';
import { sendOnce, type Connection, type KlingRequest } from './request';
import { backoffMs, MAX_TRIES, retryPolicy } from './retry';

/**
 * A request that changes nothing, sent again where that may help, at most {@link MAX_TRIES} times.
 * @throws the reason of the connection's signal
 */
export async function sendRead(
	connection: Connection,
	request: KlingRequest,
): Promise<KlingAnswer> {
	let resigned = false;
	for (let tries = 1; ; tries++) {
		const answer = await sendOnce(connection, request);
		if (!('failure' in answer)) return answer;
		const policy = retryPolicy(answer.failure);
		if (policy === 'never' || tries >= MAX_TRIES || (policy === 'resign' && resigned))
			return answer;
		if (policy === 'resign') resigned = true;
		else await sleep(backoffMs(tries, answer.failure), connection.signal);
	}
}
