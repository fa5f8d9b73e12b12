import { setTimeout as pause } from 'node:timers/promises';

import { node } from './nodes';
import { becomes, chain, finish, pausingItems } from './pausing';
import { startOwnN8n, type OwnN8n } from './ownN8n';
import { startProxy, type Proxy } from './proxy';
import { start } from './nodes';
import type { Stage } from './stage';
import { activated, sendJson, triggerWorkflow } from './triggerStage';
import { startReceiver } from '../support/receiver';
import { failureOf, type WorkflowNode } from '../support/n8n';

const ITEMS = 2;
const FILES = 9;

/** Settings of n8n or of a workflow that could break a pause or a trigger. */
export interface Setting {
	name: string;
	/** Given the address of a proxy before n8n. */
	environment?: (proxy: Proxy) => Record<string, string>;
	/** What the proxy serves n8n under. */
	folder?: string;
	workflow?: Record<string, unknown>;
	/** How long it is paused at least, in milliseconds. */
	pauseMs?: number;
}

export const SETTINGS: Setting[] = [
	{
		name: 'save successful executions: none',
		environment: () => ({ EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' }),
	},
	{
		name: 'save nothing',
		environment: () => ({
			EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
			EXECUTIONS_DATA_SAVE_ON_ERROR: 'none',
			EXECUTIONS_DATA_SAVE_ON_PROGRESS: 'false',
			EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'false',
		}),
	},
	{
		name: 'a workflow timeout shorter than the pause',
		workflow: { executionTimeout: 3 },
		pauseMs: 5_000,
	},
	{
		name: 'a sub-path, with a slash at its end',
		folder: '/automation/n8n/',
		environment: ({ url }) => ({ WEBHOOK_URL: url }),
	},
	{
		name: 'a sub-path, without a slash at its end',
		folder: '/automation/n8n/',
		environment: ({ url }) => ({ WEBHOOK_URL: url.replace(/\/$/, '') }),
	},
	{ name: 'N8N_WEBHOOK_URL', environment: ({ url }) => ({ N8N_WEBHOOK_URL: url }) },
	{
		name: 'binary data in the database',
		environment: () => ({ N8N_DEFAULT_BINARY_DATA_MODE: 'database' }),
	},
];

/** n8n 2.41 answers the callbacks of such an execution with 500; why is not known yet. So the node polls instead. */
export const NOT_WORKING: Setting = {
	name: 'binaryMode: combined',
	workflow: { binaryMode: 'combined' },
};

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Says what comes out, since n8n may save nothing. */
const report = ({ url }: Receiver): WorkflowNode =>
	node('Report', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url,
		sendBody: true,
		specifyBody: 'json',
		jsonBody:
			'={{ JSON.stringify({ task_id: $json.task_id, completed: $json.completed ?? null, files: Math.max(Object.keys($binary ?? {}).length, (JSON.stringify($json).match(/"mimeType"/g) ?? []).length) }) }}',
		options: { batching: { batch: { batchSize: 1, batchInterval: 0 } } },
	});

async function expectPause(stage: Stage, setting: Setting, receiver: Receiver): Promise<void> {
	const { api, kling, put } = stage;
	const nodes = [
		start,
		...pausingItems(stage, ITEMS, { options: { maxConcurrent: 1 } }),
		report(receiver),
	];
	const workflow = await put({
		...chain(setting.name, ...nodes),
		settings: setting.workflow ?? {},
	});
	const executionId = await api.run(workflow.id, 'Start');
	await api.waitFor(executionId, ['waiting'], 30_000);
	await pause(setting.pauseMs ?? 0);
	const ids = kling.tasks.map(({ task_id }) => task_id);
	for (const id of ids) await finish(kling, id);
	const cameOut = async () => receiver.received.length === ITEMS;
	await becomes('all items came out', cameOut, 30_000).catch(async (error: Error) => {
		const execution = await api.getExecution(executionId).catch(() => undefined);
		const shown = kling.deliveries.map(({ status, answer }) => `${status} ${answer}`).join(', ');
		throw new Error(
			`${error.message}; ${execution ? failureOf(execution) : 'not saved'}; ${shown}`,
		);
	});
	expect(receiver.received.map(({ body }) => body)).toEqual(
		expect.arrayContaining(ids.map((task_id) => ({ task_id, completed: true, files: FILES }))),
	);
	expect(kling.counters.tasksCharged).toBe(ITEMS);
}

async function expectTrigger(
	stage: Stage,
	setting: Setting,
	receiver: Receiver,
	base: string,
): Promise<void> {
	const { kling } = stage;
	receiver.received.length = 0;
	const { nodes } = triggerWorkflow(`e2e-setting-${Date.now()}`, { downloadImages: true });
	const all = [...nodes.slice(0, 1), report(receiver)];
	const unstored = { ...chain(setting.name, ...all), settings: setting.workflow ?? {} };
	const trigger = await activated(stage, unstored);
	const { task_id } = kling.createTask({ status: 'succeed' });
	const url = trigger.url.replace(stage.api.session.baseUrl, base);
	expect(await sendJson(url, { task_id, task_status: 'succeed' })).toBe(200);
	await becomes('the trigger has started', async () => receiver.received.length === 1, 60_000);
	expect(receiver.received[0]?.body).toEqual({ task_id, completed: null, files: FILES });
	await trigger.close();
}

/** A pause and a trigger, in an n8n of its own. */
export async function expectWorks(setting: Setting): Promise<void> {
	const proxy = await startProxy(setting.folder ?? '/');
	const receiver = await startReceiver();
	let own: OwnN8n | undefined;
	try {
		const environment = setting.environment?.(proxy) ?? {};
		own = await startOwnN8n(environment);
		const { stage } = own;
		proxy.target = stage.api.session.baseUrl;
		const isProxied = Object.keys(environment).some((name) => name.endsWith('WEBHOOK_URL'));
		await expectPause(stage, setting, receiver);
		const base = isProxied ? proxy.url.replace(/\/$/, '') : stage.api.session.baseUrl;
		await expectTrigger(stage, setting, receiver, base);
		const { deliveries } = stage.kling;
		expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set([200]));
		if (isProxied) for (const { url } of deliveries) expect(url.startsWith(proxy.url)).toBe(true);
	} finally {
		await own?.close();
		await receiver.close();
		proxy.close();
	}
}
