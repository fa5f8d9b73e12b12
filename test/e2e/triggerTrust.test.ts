import { setTimeout as pause } from 'node:timers/promises';

import { outputOf, type Execution } from '../support/n8n';
import { useStage } from './stage';
import {
	activeTrigger,
	SECRET,
	sendJson,
	TRIGGER,
	triggerWorkflow,
	withWebhookSecret,
	type ActiveTrigger,
} from './triggerStage';

const stage = useStage(async () => {
	for (const trigger of opened) await trigger.close();
});
const opened: ActiveTrigger[] = [];

beforeEach(() => {
	stage.kling.reset();
	stage.kling.webhookSecret = undefined;
});

async function open(
	parameters: Record<string, unknown> = {},
	webhookSecret?: string,
): Promise<ActiveTrigger> {
	const place = webhookSecret === undefined ? stage : await withWebhookSecret(stage, webhookSecret);
	const trigger = await activeTrigger(place, parameters);
	opened.push(trigger);
	return trigger;
}

async function onlyExecution(trigger: ActiveTrigger): Promise<Execution> {
	const [execution, ...others] = await trigger.executions(1);
	expect(others).toEqual([]);
	return await stage.api.getExecution(execution?.id ?? '');
}

const callback = (task_id: string) => ({ task_id, task_status: 'succeed', task_info: {} });
const finishedTask = () => stage.kling.createTask({ status: 'succeed' }).task_id;

it('with a secret, unsigned and wrongly signed callbacks get 401, signed ones come in', async () => {
	const trigger = await open({}, SECRET);
	const task_id = finishedTask();
	const send = async (secret: string) =>
		(await stage.kling.sendCallback(trigger.url, callback(task_id), { secret })).status;

	expect(await send('')).toBe(401);
	expect(await send('whsec_YW5vdGhlci1zZWNyZXQtb2YtMzItYnl0ZXMtbG9uZyE=')).toBe(401);
	expect(stage.kling.requests).toHaveLength(0);
	expect(await send(SECRET)).toBe(200);
	const execution = await onlyExecution(trigger);
	expect(outputOf(execution, TRIGGER)).toMatchObject([{ json: { task_id } }]);
	expect(stage.kling.count('get')).toBe(1);
});

it('a secret that is none is told when n8n begins to listen', async () => {
	const { put } = await withWebhookSecret(stage, 'whsec_***');
	const { id } = await put(triggerWorkflow('e2e-no-secret'));

	await expect(stage.api.run(id, TRIGGER)).rejects.toThrow(/Webhook Secret.*not valid/);
});

it('Kling has its 200 before the images are downloaded', async () => {
	const trigger = await open({ downloadImages: true });
	stage.kling.fault({ on: 'view', kind: 'slow', delayMs: 700, times: 9 });
	const delivery = await stage.kling.sendCallback(trigger.url, callback(finishedTask()));
	const fetched = stage.kling.requests.filter(
		({ operation, status }) => operation === 'view' && status === 200,
	);

	expect(delivery.status).toBe(200);
	expect(fetched).toEqual([]);
	const execution = await onlyExecution(trigger);
	const [item] = outputOf(execution, TRIGGER);
	expect(Object.keys(item?.binary ?? {})).toHaveLength(9);
	const file = item?.binary?.['image_1_1'];
	if (file === undefined) throw new Error('No file');
	expect((await stage.api.binary(file)).subarray(1, 4).toString()).toBe('PNG');
});

it('an API that is down gets Kling a 503, and the callback that is sent again comes in', async () => {
	const trigger = await open();
	const task_id = finishedTask();
	stage.kling.fault({ on: 'get', kind: 'error', code: 1103 });

	expect(await sendJson(trigger.url, callback(task_id))).toBe(503);
	expect(await sendJson(trigger.url, callback(task_id))).toBe(200);
	expect((await onlyExecution(trigger)).status).toBe('success');
});

it.each([
	['the test callback of the console', true],
	['a task', false],
])('while the user listens for a test event, %s comes out', async (_case, console) => {
	const trigger = await open();
	const testUrl = trigger.url.replace('/webhook/', '/webhook-test/');
	// Answers that n8n waits for the webhook, and has no execution yet.
	await stage.api.run(trigger.workflow.id, TRIGGER);
	const task_id = finishedTask();
	const { status, body } = console
		? await stage.kling.sendTestCallback(testUrl)
		: await stage.kling.sendCallback(testUrl, callback(task_id));

	expect(status).toBe(200);
	await pause(300);
	const [item] = outputOf(await onlyExecution(trigger), TRIGGER);
	const { id } = JSON.parse(body) as { id?: string };
	if (console) expect(item?.json).toEqual({ test: true, task_id: id, task_status: 'submitted' });
	else expect(item?.json).toMatchObject({ task_id, task_status: 'succeed' });
});
