import { setTimeout as pause } from 'node:timers/promises';

import { failureOf } from '../support/n8n';
import { useStage, singleNodeWorkflow } from './stage';

const stage = useStage();
beforeEach(() => stage.kling.reset());

const waitFor = (task_id: string) => ({
	operation: 'wait',
	taskId: { __rl: true, mode: 'id', value: task_id },
	options: { pollInterval: 1 },
});

it('a task that fails is an error that names the task and the reason', async () => {
	const { task_id } = stage.kling.createTask();
	const run = stage.runNode(waitFor(task_id));
	await stage.kling.until(() => stage.kling.count('get') > 0);
	await stage.kling.move(task_id, 'failed', { task_status_msg: 'Image pixel is invalid' });
	const execution = await run;
	expect(execution.status).toBe('error');
	expect(failureOf(execution)).toContain(task_id);
	expect(failureOf(execution)).toContain('Image pixel is invalid');
});

it('an unknown task is an error with the code and the request id of Kling', async () => {
	const execution = await stage.runNode(waitFor('867283741759111202'));
	expect(execution.status).toBe('error');
	expect(failureOf(execution)).toContain('867283741759111202');
	expect(failureOf(execution)).toContain('1201');
});

it('bad input is refused before Kling is asked', async () => {
	const execution = await stage.runNode({ operation: 'create', imageUrl: 'no address' });
	expect(execution.status).toBe('error');
	expect(failureOf(execution)).toMatch(/image url/i);
	expect(stage.kling.requests).toHaveLength(0);
});

it('Stop ends a wait, and Kling is not asked again', async () => {
	const { task_id } = stage.kling.createTask();
	const workflow = await stage.put(singleNodeWorkflow(waitFor(task_id), [{}]));
	const executionId = await stage.api.run(workflow.id, 'Start');
	await stage.kling.until(() => stage.kling.count('get') > 0);
	const begin = Date.now();
	await stage.api.stopExecution(executionId);
	const execution = await stage.api.waitUntilFinished(executionId);
	expect(execution.status).toBe('canceled');
	expect(Date.now() - begin).toBeLessThan(5_000);
	const checks = stage.kling.count('get');
	await pause(2_500);
	expect(stage.kling.count('get')).toBe(checks);
});
