import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { outputOf, seconds, type ExecutionSummary } from '../support/n8n';
import { memoryEnvironment, readMemory, type Memory } from '../support/n8n/memory';
import { startReceiver } from '../support/receiver';
import { settle } from '../support/tally';
import { activeWebhook, sideBySide, type Hook } from './loading';
import { node } from './nodes';
import { startOwnN8n, type OwnN8n } from './ownN8n';
import { after, pausingNode } from './pausing';
import { allExecutions, sendJson } from './triggerStage';

const COUNT = 500;
/** Before the first measure, so that no code is loaded between two. */
const WARM_UP = 50;
/** n8n's own Wait downloads nothing, either. */
const WITHOUT_FILES = { downloadImages: false };
const LATE_MS = 120_000;
const CHECK_AGAIN_MS = 1_000;
/** n8n goes on saving and cleaning up after the end of an execution. */
const SETTLING_MS = 3_000;
/** Over what n8n's own Wait leaves. A paused execution of ours that stays in memory would be 16 KB or more. */
const HEAP_MB = 6;
const RSS_MB = 60;

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

const memoryFile = join(tmpdir(), `kling-multi-shot-memory-${process.pid}`);
let n8n: OwnN8n;
let receiver: Receiver;
beforeAll(async () => {
	n8n = await startOwnN8n({ N8N_EXPRESSION_ENGINE: 'legacy', ...memoryEnvironment(memoryFile) });
	receiver = await startReceiver();
}, 240_000);
afterAll(async () => {
	await receiver.close();
	await n8n.close();
	await rm(memoryFile, { force: true });
});

it(`${COUNT} executions pause at once and go on, and leave no more memory than n8n's own Wait`, async () => {
	const { kling } = n8n.stage;
	kling.slots = Infinity;
	const [n8nsOwn, ours] = [await waiting(), await pausing()];
	for (const kind of [n8nsOwn, ours]) await parkAndWake(kind, WARM_UP);
	kling.reset();
	kling.slots = Infinity;
	const before = await memory();
	await parkAndWake(n8nsOwn, COUNT);
	const afterWait = await memory();
	const woken = await parkAndWake(ours, COUNT);
	const afterPause = await memory();

	const items = await sideBySide(woken, async ({ id }) =>
		outputOf(await n8n.stage.api.getExecution(id), after.name),
	);
	const done = items.flat().map(({ json }) => json);
	expect(done).toHaveLength(COUNT);
	for (const json of done) expect(json).toMatchObject({ completed: true, task_status: 'succeed' });
	settle(`${COUNT} executions paused at once`, {
		wanted: COUNT,
		charged: kling.counters.tasksCharged,
		found: done.map(({ task_id }) => String(task_id)),
	});

	const [left, leftByUs] = [grown(before, afterWait), grown(afterWait, afterPause)];
	console.log(`Left by ${COUNT} of n8n's own Wait ${shown(left)}, by ours ${shown(leftByUs)}`);
	expect(leftByUs.heapMb).toBeLessThan(Math.max(left.heapMb, 0) + HEAP_MB);
	expect(leftByUs.rssMb).toBeLessThan(Math.max(left.rssMb, 0) + RSS_MB);
}, 400_000);

interface Kind {
	name: string;
	hook: Hook;
	/** Calls all that are parked, at once. Gives the HTTP statuses of the answers. */
	wake: () => Promise<number[]>;
}

/** n8n's own Wait; like ours it makes a request before it parks. */
async function waiting(): Promise<Kind> {
	const tell = node('Tell', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url: receiver.url,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ JSON.stringify({ url: $execution.resumeUrl }) }}',
		options: {},
	});
	const wait = node('Wait', 'n8n-nodes-base.wait', 1.1, { resume: 'webhook', options: {} });
	const hook = await activeWebhook(n8n.stage, 'waiting', tell, { ...wait, webhookId: 'load-wait' });
	const wake = async (): Promise<number[]> => {
		const told = receiver.received.splice(0);
		const calls = told.map(async ({ body }) => (await fetch(String(body.url))).status);
		return await Promise.all(calls);
	};
	return { name: "n8n's own Wait", hook, wake };
}

async function pausing(): Promise<Kind> {
	const { kling } = n8n.stage;
	const node = pausingNode(n8n.stage, {}, WITHOUT_FILES);
	const hook = await activeWebhook(n8n.stage, 'pausing', node);
	const wake = async (): Promise<number[]> => {
		const parked = kling.tasks.filter(({ status }) => status === 'submitted');
		await Promise.all(parked.map(async ({ task_id }) => await kling.move(task_id, 'succeed')));
		return kling.deliveries.slice(-parked.length).map(({ status }) => status);
	};
	return { name: 'Pause Until Callback', hook, wake };
}

/** The executions that were parked, once they have ended. */
async function parkAndWake({ name, hook, wake }: Kind, count: number): Promise<ExecutionSummary[]> {
	const { url, workflow } = hook;
	const begin = Date.now();
	const none = Array.from({ length: count });
	const answers = await sideBySide(none, async () => await sendJson(url, {}));
	expect(new Set(answers)).toEqual(new Set([200]));
	const parked = await executionsThatAre('waiting', workflow.id, count);
	const parkedAt = Date.now();
	const statuses = await wake();
	const ids = new Set(parked.map(({ id }) => id));
	const done = (await executionsThatAre('success', workflow.id, count)).filter(({ id }) =>
		ids.has(id),
	);
	expect(done).toHaveLength(count);
	const others = statuses.filter((status) => status !== 200);
	console.log(
		`${name}: ${count} parked in ${seconds(parkedAt - begin)}, and done in ${seconds(Date.now() - parkedAt)} more; ` +
			`${others.length} of ${statuses.length} calls not answered with 200 ${others.join(' ')}`,
	);
	return done;
}

/** Of this workflow, with this status, as soon as there are so many and none has another one. */
async function executionsThatAre(
	wanted: ExecutionSummary['status'],
	workflowId: string,
	count: number,
): Promise<ExecutionSummary[]> {
	for (const end = Date.now() + LATE_MS; ; await pause(CHECK_AGAIN_MS)) {
		const all = await allExecutions(n8n.stage, workflowId);
		const there = all.filter(({ status }) => status === wanted);
		const under = all.filter(({ status }) => !['success', wanted].includes(status));
		if (there.length >= count && under.length === 0) return there;
		if (Date.now() > end) throw new Error(`Only ${there.length} of ${count} are ${wanted}`);
	}
}

async function memory(): Promise<Memory> {
	await pause(SETTLING_MS);
	return await readMemory(n8n.processGroup(), memoryFile);
}

type Grown = Pick<Memory, 'rssMb' | 'heapMb'>;

const grown = (before: Memory, now: Memory): Grown => ({
	rssMb: now.rssMb - before.rssMb,
	heapMb: now.heapMb - before.heapMb,
});

const shown = ({ rssMb, heapMb }: Grown): string =>
	`${rssMb.toFixed(0)} MB RSS, ${heapMb.toFixed(1)} MB heap`;
