import type { INodeParameters } from 'n8n-workflow';
import * as pausing from '../../nodes/shared/waiting/park';
import { makeImage } from '../kling';
import { useFastTime } from '../support/fastTime';
import { startEngine, type Engine, type NodeRunOptions } from '../support/engine';
import { useStage } from '../support/stage';
import { WHOLE_TASK } from '../support/parameters';

useFastTime();

/** Where a pause cannot work the node polls, and what ends a wait is data all the same. */

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

const NEW_ENGINE = { workflow: { settings: { engineType: 'v2' } } } as const;

const create = (
	run: Partial<NodeRunOptions> = {},
	more: INodeParameters = {},
	engine: Engine = stage.engine,
) =>
	engine.runNode({
		...run,
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitMode: 'callback',
			...more,
		},
	});

it('a task that failed is data, as after a pause', async () => {
	const { kling } = stage;
	const running = create(NEW_ENGINE);
	await kling.until(() => kling.tasks.length === 1);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'failed', { task_status_msg: 'No luck' });
	const run = await running;
	expect(run.error).toBeUndefined();
	expect(run.items[0]?.json).toMatchObject({ task_status: 'failed', completed: true });
});

it('Wait for Task polls, too, and says so', async () => {
	const { engine, kling } = stage;
	const { task_id } = kling.createTask({ status: 'processing' });
	const running = engine.runNode({
		...NEW_ENGINE,
		parameters: {
			...WHOLE_TASK,
			operation: 'wait',
			waitMode: 'timer',
			taskId: task_id,
			// Left over from Keep Polling, where it may be short.
			options: { timeout: 60 },
		},
	});
	await kling.until(() => kling.requests.some(({ ms }) => ms >= 0));
	await kling.move(task_id, 'succeed');
	const run = await running;
	expect(run.status).toBe('success');
	expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
	expect(run.hints[0]?.message).toContain('polled instead of pausing');
});

it.each([
	['https://n8n.example.com/webhook-waiting/1', undefined],
	['http://n8n.example.com/webhook-waiting/1', 'Kling needs https://'],
	['http://localhost:5678/webhook-waiting/1', 'Kling needs https://'],
	['https://192.168.1.5/webhook-waiting/1', 'is not a public address'],
	['https://localhost/webhook-waiting/1', "n8n's own machine"],
	['', 'n8n gives the execution no resume URL'],
])('a resume URL %j: %s', (resumeUrl, reason) => {
	const given = {
		getWorkflowDataProxy: () => ({ $execution: { resumeUrl } }),
		getWorkflowSettings: () => ({}),
	};
	const why = pausing.whyNoCallback(given as never, false);
	if (reason === undefined) expect(why).toBeUndefined();
	else expect(why).toContain(reason);
});

it('with binaryMode: combined it polls and says so, as n8n would not wake it', async () => {
	const { kling } = stage;
	const running = create({ workflow: { settings: { binaryMode: 'combined' } } });
	await kling.until(() => kling.tasks.length === 1);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	const run = await running;
	expect(run.status).toBe('success');
	expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
	expect(run.hints.map(({ message }) => message)).toContain(
		'The node polled instead of pausing, because n8n does not wake workflows with the setting binaryMode: combined.',
	);
	expect(kling.tasks[0]?.callback_url).toBeUndefined();
});

it('with a resume URL that Kling cannot reach it polls and says so, and gives Kling no such address', async () => {
	const { credentials, kling } = stage;
	const webhookUrl = 'http://192.168.1.5:5678';
	const engine = await startEngine({ nodeTypes: 'source', credentials, webhookUrl });
	const running = create({ executionId: 'unreachable' }, {}, engine);
	await kling.until(() => kling.tasks.length === 1);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	const run = await running;
	engine.stop();
	expect(run.status).toBe('success');
	expect(run.hints.map(({ message }) => message)).toContain(
		'The node polled instead of pausing, because 192.168.1.5 is not a public address, and Kling cannot reach it (WEBHOOK_URL, in n8n 3 N8N_WEBHOOK_URL).',
	);
	expect(kling.tasks[0]?.callback_url).toBeUndefined();
});

it('Stop before the pause: nothing is parked', async () => {
	const { kling } = stage;
	kling.fault({ on: 'get', kind: 'slow', delayMs: 1_000 });
	const running = create();
	await kling.until(() => kling.count('get') === 1);
	running.cancel();
	const run = await running;
	expect(run.status).toBe('canceled');
	expect(run.waitTill).toBeUndefined();
});

it('a reused task that cannot be read is an error of its own item', async () => {
	const { kling } = stage;
	const foreign = kling.createTask({ external_task_id: 'denied', status: 'processing' });
	const running = create(
		{
			items: [{ json: { id: '' } }, { json: { id: 'denied' } }],
			nodeSettings: { onError: 'continueRegularOutput' },
		},
		{ options: { externalTaskId: '={{ $json.id }}', pollInterval: 1 } },
	);
	await kling.until(() => kling.tasks.length === 2);
	const own = kling.tasks.find((task) => task !== foreign)?.task_id ?? '';
	kling.fault({
		on: ['get', 'list'],
		kind: 'error',
		code: 1103,
		times: Infinity,
		task_id: foreign.task_id,
	});
	await kling.until(() => kling.requests.some(({ code }) => code === 1103));
	await kling.move(own, 'succeed');
	const run = await running;
	expect(run.items.map(({ json }) => json.task_id)).toEqual([own, undefined]);
	expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
	expect(run.items[1]?.json.error).toContain(`Kling could not get task ${foreign.task_id}`);
});
