import { NO_CHARGES } from '../../../../../nodes/shared/client/charges';
import type { Order } from '../../../../../nodes/shared/creating/order';
import { openLedger } from '../../../../../nodes/shared/creating/ledger';
import { TASK_WORDS } from '../../../../../nodes/shared/run/words';

const order = (item: number): Order => ({
	load: () => Promise.resolve({}),
	external_task_id: 'order-1042',
	ifExternalIdExists: 'reuse',
	reuseTaskOnRetry: true,
	items: [item],
});

it('counts and names a task once that two items share', () => {
	const nothing = { ofOrder: () => NO_CHARGES, ofItem: () => NO_CHARGES };
	const ledger = openLedger(2, TASK_WORDS, nothing);
	const orders = [order(0), order(1)];
	const task = { task_id: '867283741759111202', task_status: 'submitted' };
	ledger.plan(orders);
	for (const one of orders)
		ledger.note(one, {
			outcome: { is: 'task', task, origin: 'adopted' },
			id: 'order-1042',
			earlier: NO_CHARGES,
		});

	expect(ledger.count()).toMatchObject({ created: 1, reused: 0 });
	expect(ledger.report()).toContain('Items 0, 1: created and charged (867283741759111202).');
});
