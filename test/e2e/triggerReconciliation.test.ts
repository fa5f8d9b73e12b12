import { setTimeout as pause } from 'node:timers/promises';

import {
	nodeNamed,
	outputOf,
	readExample,
	withParameters,
	type Execution,
	type StoredWorkflow,
} from '../support/n8n';
import { useStage } from './stage';
import { sendJson } from './triggerStage';

const SCHEDULE = 'Every 15 Minutes';
const DAY_MS = 24 * 60 * 60 * 1000;

const stage = useStage();
let workflow: StoredWorkflow | undefined;
beforeEach(() => stage.kling.reset());
afterEach(async () => {
	if (workflow) await stage.api.deactivate(workflow.id);
});

const newTasks = (execution: Execution): unknown[] =>
	outputOf(execution, 'New Task').map(({ json }) => json['task_id']);

async function runsOf({ id }: StoredWorkflow, count: number): Promise<unknown[][]> {
	for (const end = Date.now() + 30_000; Date.now() < end; await pause(200)) {
		const found = await stage.api.listExecutions(id);
		if (found.length < count || found.some(({ status }) => status === 'running')) continue;
		const oldestFirst = [...found].reverse();
		return await Promise.all(
			oldestFirst.map(async (run) => newTasks(await stage.api.getExecution(run.id))),
		);
	}
	throw new Error(`Workflow ${id} did not run ${count} times`);
}

it('what came by callback does not come by the list, what was lost comes once', async () => {
	const { api, kling } = stage;
	workflow = await stage.put(await readExample('reconciliation'));
	await api.activate(workflow);
	const { webhookId = '' } = nodeNamed(workflow, 'Kling AI Multi-Shot Trigger');
	const callback_url = `${api.session.baseUrl}/webhook/${webhookId}/kling-ai-multi-shot`;

	const called = kling.createTask({ callback_url });
	await kling.move(called.task_id, 'succeed');
	const lost = kling.createTask();
	await kling.move(lost.task_id, 'failed');
	kling.createTask();
	kling.createTask({ status: 'succeed', created_at: Date.now() - 2 * DAY_MS });
	expect(await runsOf(workflow, 1)).toEqual([[called.task_id]]);

	const catchUp = async () => {
		const executionId = await api.run(workflow?.id ?? '', SCHEDULE);
		const execution = await api.waitUntilFinished(executionId);
		expect(execution.status).toBe('success');
		return execution;
	};
	const first = await catchUp();
	expect(outputOf(first, 'List Tasks')).toHaveLength(2);
	expect(newTasks(first)).toEqual([lost.task_id]);
	expect(newTasks(await catchUp())).toEqual([]);

	expect(await sendJson(callback_url, { task_id: lost.task_id, task_status: 'failed' })).toBe(200);
	expect(await runsOf(workflow, 4)).toEqual([[called.task_id], [lost.task_id], [], []]);
});

it('the schedule runs by itself, and a lost task comes once', async () => {
	const example = await readExample('reconciliation');
	const rule = { interval: [{ field: 'seconds', secondsInterval: 2 }] };
	const { task_id } = stage.kling.createTask({ status: 'succeed' });
	workflow = await stage.put(withParameters(example, SCHEDULE, { rule }));
	await stage.api.activate(workflow);
	const runs = await runsOf(workflow, 3);

	expect(runs.flat()).toEqual([task_id]);
});
