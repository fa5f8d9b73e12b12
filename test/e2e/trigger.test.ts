import { setTimeout as pause } from 'node:timers/promises';

import { nodeNamed, outputOf, readExample, type ExecutionSummary } from '../support/n8n';
import { useStage } from './stage';

const stage = useStage(async () => await stage.api.deactivate(workflowId));
let workflowId: string;
let callbackUrl: string;

beforeAll(async () => {
	const workflow = await stage.put(await readExample('callback-to-files'));
	await stage.api.activate(workflow);
	workflowId = workflow.id;
	const trigger = nodeNamed(workflow, 'Kling AI Multi-Shot Trigger');
	callbackUrl = `${stage.api.session.baseUrl}/webhook/${trigger.webhookId ?? ''}/kling-ai-multi-shot`;
});

async function executionsBecome(count: number): Promise<ExecutionSummary[]> {
	const end = Date.now() + 20_000;
	for (;;) {
		const found = await stage.api.listExecutions(workflowId);
		const over = found.every(({ status }) => status === 'success' || status === 'error');
		if ((found.length >= count && over) || Date.now() > end) return found;
		await pause(100);
	}
}

it('a callback of Kling starts one execution, with the task as the API shows it, and its files', async () => {
	const { kling } = stage;
	const [created] = await stage.outputOfNode({
		operation: 'create',
		imageUrl: stage.imageUrl,
		waitForCompletion: false,
		options: { callbackUrl },
	});
	const task_id = String(created?.json['task_id']);
	const readsBefore = kling.count('get');
	await kling.move(task_id, 'processing');
	await kling.move(task_id, 'succeed');
	const [execution, ...others] = await executionsBecome(1);
	expect(others).toEqual([]);
	expect(kling.count('get')).toBe(readsBefore + 1);
	expect(kling.deliveries.map(({ status }) => status)).not.toContain(500);

	const finished = await stage.api.getExecution(execution?.id ?? '');
	expect(finished.status).toBe('success');
	// The callback's own body had no images in it.
	const images = outputOf(finished, 'Your Storage');
	expect(images).toHaveLength(9);
	for (const { json, binary } of images) {
		expect(json['task_id']).toBe(task_id);
		expect(binary?.['data']?.mimeType).toBe('image/png');
	}
});

it('a task that failed comes out with its reason', async () => {
	const task = stage.kling.createTask({ callback_url: callbackUrl });
	await stage.kling.move(task.task_id, 'failed', { task_status_msg: 'Image pixel is invalid' });
	const [newest] = await executionsBecome(2);
	const execution = await stage.api.getExecution(newest?.id ?? '');
	const [item] = outputOf(execution, 'Reason');
	expect(item?.json['reason']).toBe(`Task ${task.task_id} failed: Image pixel is invalid`);
});

it('what is no callback, or names a task that Kling does not know, starts nothing', async () => {
	const before = await stage.api.listExecutions(workflowId);
	const nonsense = await stage.kling.sendCallback(callbackUrl, { hello: 'world' });
	expect(nonsense.status).toBe(400);
	const test = await stage.kling.sendTestCallback(callbackUrl);
	expect(test.status).toBe(200);
	await pause(500);
	expect(await stage.api.listExecutions(workflowId)).toHaveLength(before.length);
});
