import { CREDENTIAL_TYPE, failureOf, outputOf, type Execution, type Item } from '../support/n8n';
import { dropCreates, keepEnding, numbered, runCreate } from './creating';
import { useStage } from './stage';

const ITEMS = 40;
const DROPPED = 0.4;
/** As Kling says it of an image that breaks its rules: one item fails, the others do not. */
const REFUSED = { on: 'create', kind: 'error', code: 1301 } as const;

const stage = useStage();
beforeEach(() => {
	stage.kling.reset();
	stage.kling.slots = ITEMS;
});

const idsOf = (items: Item[]): string[] => items.map(({ json }) => String(json['task_id']));
const reusedOf = (items: Item[]): unknown[] => items.map(({ json }) => json['reused'] ?? false);

function itemsOf(execution: Execution): Item[] {
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	return outputOf(execution, 'Kling');
}

/** What Executions → Retry does. */
async function retry({ id }: Execution): Promise<Execution> {
	const { api } = stage;
	const retried = await api.session.request<{ id?: string }>(
		'POST',
		`/rest/executions/${id}/retry`,
		{ loadWorkflow: false },
	);
	return await api.waitUntilFinished(retried.id ?? '');
}

async function runAgain({ workflowId }: Execution): Promise<Execution> {
	return await stage.api.waitUntilFinished(await stage.api.run(workflowId, 'Start'));
}

describe('with Retry On Fail', () => {
	it.each(['after', 'before'] as const)(
		'40 items, 40 %% of the connections dropped %s the task was created: one charged task each',
		async (when) => {
			const { kling } = stage;
			const drops = dropCreates(kling, when, DROPPED);
			kling.fault({ ...REFUSED, skip: ITEMS / 2 });
			const stop = keepEnding(kling);
			const execution = await runCreate(stage, numbered(ITEMS), {
				retryOnFail: true,
				options: { maxConcurrent: 20 },
			}).finally(stop);
			const items = itemsOf(execution);
			const paid = kling.tasks.map(({ task_id }) => task_id);
			console.log(
				`${ITEMS} items, ${drops()} connections dropped ${when} the task was created, one try failed: ` +
					`${paid.length} tasks, ${kling.count('create')} POSTs`,
			);
			expect(drops()).toBeGreaterThan(ITEMS / 5);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
			expect(idsOf(items).sort()).toEqual([...paid].sort());
			expect(paid).toHaveLength(ITEMS);
			expect(kling.counters.tasksCharged).toBe(ITEMS);
			// Sent again: the refused one, and what Kling never saw.
			const again = 1 + (when === 'before' ? drops() : 0);
			expect(kling.count('create')).toBe(ITEMS + again);
		},
		180_000,
	);

	it('a batch that failed in part pays for what is missing alone', async () => {
		const { kling } = stage;
		kling.fault({ ...REFUSED, skip: 3 });
		const execution = await runCreate(stage, numbered(10), {
			retryOnFail: true,
			options: { maxConcurrent: 1 },
		});
		const items = itemsOf(execution);
		// Each was charged for its own item, if only by the first try.
		expect(reusedOf(items)).toEqual(items.map(() => false));
		expect(idsOf(items)).toEqual(kling.tasks.map(({ task_id }) => task_id));
		expect(kling.counters.tasksCharged).toBe(10);
		expect(kling.count('create')).toBe(11);
	});
});

describe('Executions → Retry, and a workflow that is run again, are new executions', () => {
	const stock = [{ sku: 'shoe-1' }, { sku: 'shoe-2' }, { sku: 'shoe-3' }];
	const failing = async (options: object): Promise<Execution> => {
		stage.kling.fault({ ...REFUSED, skip: 2 });
		const execution = await runCreate(stage, stock, { options: { maxConcurrent: 1, ...options } });
		expect(execution.status).toBe('error');
		expect(stage.kling.counters.tasksCharged).toBe(2);
		return execution;
	};

	it('without External Task ID each of them is charged again', async () => {
		const { kling } = stage;
		const execution = await failing({});
		expect(reusedOf(itemsOf(await retry(execution)))).toEqual([false, false, false]);
		expect(kling.counters.tasksCharged).toBe(2 + 3);
		expect(reusedOf(itemsOf(await runAgain(execution)))).toEqual([false, false, false]);
		expect(kling.counters.tasksCharged).toBe(2 + 3 + 3);
	});

	it('with External Task ID from own data the same tasks come back', async () => {
		const { kling } = stage;
		const execution = await failing({ externalTaskId: '={{ $json.sku }}' });
		const retried = itemsOf(await retry(execution));
		expect(reusedOf(retried)).toEqual([true, true, false]);
		expect(kling.counters.tasksCharged).toBe(3);
		const again = itemsOf(await runAgain(execution));
		expect(reusedOf(again)).toEqual([true, true, true]);
		expect(idsOf(again)).toEqual(idsOf(retried));
		expect(kling.counters.tasksCharged).toBe(3);
		expect(kling.tasks.map(({ external_task_id }) => external_task_id)).toEqual(
			stock.map(({ sku }) => sku),
		);
	});
});

describe('what would meet every item stops the batch', () => {
	it('no balance: nothing more is sent, and the error names what was created', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1102, skip: 4, times: Infinity });
		const execution = await runCreate(stage, numbered(30));
		expect(execution.status).toBe('error');
		expect(failureOf(execution)).toContain('1102');
		for (const { task_id } of kling.tasks) expect(failureOf(execution)).toContain(task_id);
		expect(kling.counters.tasksCharged).toBe(4);
		// Five at a time: those under way when the first one was refused.
		expect(kling.count('create')).toBeLessThanOrEqual(4 + 5);
	});

	it('no balance, with Continue On Fail: the items say what was created and what was not sent', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1102, skip: 4, times: Infinity });
		const execution = await runCreate(stage, numbered(30), { onError: 'continueRegularOutput' });
		const items = itemsOf(execution);
		expect(items).toHaveLength(30);
		expect(items.filter(({ json }) => typeof json['task_id'] === 'string')).toHaveLength(4);
		const errors = items.map(({ json }) => String(json['error'] ?? ''));
		const notSent = errors.filter((error) => error.startsWith('Not sent: '));
		expect(notSent.length).toBe(30 - kling.count('create'));
		expect(kling.count('create')).toBeLessThanOrEqual(4 + 5);
	});

	it('a bad key', async () => {
		const { api, kling } = stage;
		const { id, name } = stage.credential;
		const change = async (data: Record<string, string>) =>
			await api.updateCredential(id, name, CREDENTIAL_TYPE, data);
		await change({ ...stage.credentialData, secretKey: 'sk_of_another_account' });
		try {
			const execution = await runCreate(stage, numbered(30), { retryOnFail: false });
			expect(execution.status).toBe('error');
			expect(failureOf(execution)).toContain('Nothing was created or charged for this item.');
			expect(kling.count('create')).toBeLessThanOrEqual(5);
			expect(kling.counters.tasksCharged).toBe(0);
		} finally {
			await change(stage.credentialData);
		}
	});
});
