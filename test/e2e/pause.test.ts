import { node } from './nodes';
import { after, becomes, itemsNode, pausingNode, run } from './pausing';
import { useStage } from './stage';

const stage = useStage();
beforeEach(() => stage.kling.reset());

it("callbacks that come late leave n8n's own Wait alone, and it goes on when it is called", async () => {
	const { api, kling } = stage;
	const approval = {
		...node('Approval', 'n8n-nodes-base.wait', 1.1, { resume: 'webhook', options: {} }),
		webhookId: '6f0f1c7e-3a6a-4c0e-9a53-0b7c1f1f6d01',
	};
	const executionId = await run(stage, itemsNode([{}]), pausingNode(stage), approval, after);
	await api.waitFor(executionId, ['waiting'], 30_000);
	const { task_id = '', callback_url = '' } = kling.tasks[0] ?? {};
	await kling.move(task_id, 'succeed');
	const atApproval = async (): Promise<boolean> => {
		const { status, data } = await api.getExecution(executionId);
		return status === 'waiting' && data.resultData.lastNodeExecuted === 'Approval';
	};
	await becomes('the execution waits for approval', atApproval);

	const body = kling.deliveries.at(-1)?.body ?? '';
	const answers: number[] = [];
	for (let copy = 0; copy < 5; copy++)
		answers.push((await kling.sendCallback(callback_url, body)).status);
	expect(answers).not.toContain(200);
	expect(await atApproval()).toBe(true);
	expect((await api.getExecution(executionId)).data.resultData.runData[after.name]).toBeUndefined();

	const approve = await fetch(callback_url.replace('/kling-ai-multi-shot', ''));
	expect(approve.status).toBe(200);
	const execution = await api.waitUntilFinished(executionId);
	expect(execution.status).toBe('success');
});

it('a forged callback, or one about another task, leaves the execution parked', async () => {
	const { api, kling } = stage;
	const executionId = await run(stage, itemsNode([{}]), pausingNode(stage), after);
	await api.waitFor(executionId, ['waiting'], 30_000);
	const { task_id = '', callback_url = '' } = kling.tasks[0] ?? {};
	const forged = await kling.sendCallback(callback_url, { task_id, task_status: 'succeed' });
	const foreign = { task_id: '999999999999999999', task_status: 'succeed' };
	const other = await kling.sendCallback(callback_url, foreign);
	const nonsense = await kling.sendCallback(callback_url, { hello: 'world' });
	const unsigned = callback_url.replace(/signature=.*/, 'signature=wrong');
	const stranger = await kling.sendCallback(unsigned, { task_id, task_status: 'succeed' });
	const statuses = [forged, other, nonsense, stranger].map(({ status }) => status);
	// n8n 1.x gives its resume URLs no token: there the node itself finds that the task still runs.
	expect(statuses).toEqual([503, 200, 400, api.session.major === 1 ? 503 : 401]);
	expect((await api.getExecution(executionId)).status).toBe('waiting');
	await kling.move(task_id, 'succeed');
	expect((await api.waitUntilFinished(executionId)).status).toBe('success');
});
