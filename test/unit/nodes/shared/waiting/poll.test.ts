import type { KlingTask } from '../../../../../nodes/shared/client/task';
import type { TaskApi } from '../../../../../nodes/shared/client/taskApi';
import type { Run } from '../../../../../nodes/shared/run/operation';
import { startPolling } from '../../../../../nodes/shared/waiting/poll';
import type { WaitSettings } from '../../../../../nodes/shared/waiting/settings';

const TASK: KlingTask = { task_id: '867283741759111202', task_status: 'succeed' };

/** Polling whose every request finds the task finished, and how often it was planned and asked. */
function pollFinished() {
	const seen = { plans: 0, requests: 0 };
	const settings: WaitSettings = {
		timeoutMs: 60_000,
		onFailedTask: 'error',
		onTimeout: 'error',
		repeatFailedForMs: 0,
		get intervalMs() {
			seen.plans++;
			// Or a test of many tasks would take an hour where each makes a plan.
			if (seen.plans > 100) throw new Error('Planned too often');
			return 1_000;
		},
	};
	const context = { getNode: () => ({ name: 'Kling' }), logger: { debug: () => undefined } };
	const run = { context, signal: new AbortController().signal } as unknown as Run;
	const api = {
		async getOnce() {
			seen.requests++;
			return { value: TASK };
		},
	} as unknown as TaskApi;
	return { polling: startPolling(run, api, settings), seen };
}

it('plans once for all items that begin to wait in one turn', async () => {
	const { polling, seen } = pollFinished();
	const waits = Array.from({ length: 2_000 }, async () => await polling.wait({ id: TASK.task_id }));
	const waited = await Promise.all(waits);
	expect(waited.every(({ completed }) => completed)).toBe(true);
	expect(seen).toEqual({ plans: 1, requests: 1 });
});

it('plans again for a task that begins to wait later, and checks it at once', async () => {
	const { polling, seen } = pollFinished();
	const created = { task: { ...TASK, task_status: 'submitted' }, isNew: true } as const;
	const early = polling.wait({ id: TASK.task_id }, created);
	await new Promise(setImmediate);
	expect(seen).toEqual({ plans: 1, requests: 0 });
	const waited = await Promise.all([early, polling.wait({ id: TASK.task_id })]);
	expect(waited.map(({ completed }) => completed)).toEqual([true, true]);
	expect(seen).toEqual({ plans: 2, requests: 1 });
});

it('takes a task that is seen before the first plan', async () => {
	const { polling, seen } = pollFinished();
	const wait = polling.wait({ id: TASK.task_id });
	polling.see(TASK);
	expect((await wait).completed).toBe(true);
	await new Promise(setImmediate);
	expect(seen).toEqual({ plans: 0, requests: 0 });
});

it('waits for any number of tasks', async () => {
	const { polling } = pollFinished();
	const waits = Array.from(
		{ length: 150_000 },
		async () => await polling.wait({ id: TASK.task_id }),
	);
	expect(await Promise.all(waits)).toHaveLength(150_000);
});
