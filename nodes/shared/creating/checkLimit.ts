import type { SpendingLimit } from '../client/spendingLimit';
import { isTool } from '../input/tool';
import type { Run } from '../run/operation';
import type { Words } from '../run/words';
import { earlierOfAll } from './earlierCharges';
import { overLimitError } from './errors';
import type { Order } from './order';
import { placeOf } from './place';

/**
 * Orders whose external id may be known find a task that exists, and are counted when they are sent.
 * @throws NodeOperationError if the others are more than may still be created
 */
export function checkLimit(run: Run, words: Words, limit: SpendingLimit, orders: Order[]): void {
	const { context, execution } = run;
	// A tool's call is one item, and may be a retry.
	if (limit.max === 0 || isTool(context)) return;
	const wanted = orders.filter((order) => {
		if (order.external_task_id !== '') return false;
		const where = placeOf(context, order, {});
		return where === undefined || !order.reuseTaskOnRetry || !execution.sentIds.has(where.key);
	}).length;
	const left = limit.left();
	if (wanted <= left) return;
	const earlier = earlierOfAll(run);
	throw overLimitError(context, words, { wanted, left, max: limit.max, earlier });
}
