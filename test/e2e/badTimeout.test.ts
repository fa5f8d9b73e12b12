import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { outputOf, type WorkflowNode } from '../support/n8n';
import { settle } from '../support/tally';
import { numbered } from './creating';
import { start } from './nodes';
import { after, apiCalls, chain, itemsNode, klingNode, pausingNode } from './pausing';
import { expectNoSecrets, idsOf, namedIn, reads } from './reading';
import { place } from './shared';
import { useStage } from './stage';

/** Workflow Settings → Timeout Workflow, in seconds. */
const TIMEOUT_S = 4;

const stage = useStage();
let betweenChecks: string;

beforeAll(async () => {
	stage.kling.slots = 100;
	const { imageUrl } = stage;
	const create = { operation: 'create', imageUrl: imageUrl, waitForCompletion: false };
	// A pause of 65 s, which goes on while the other tests run.
	betweenChecks = await runTimed(
		{ ...klingNode(create), name: 'Create' },
		klingNode({ operation: 'wait', waitMode: 'timer' }),
		after,
	);
	await stage.api.waitFor(betweenChecks, ['waiting'], 30_000);
	expect(stage.kling.counters.tasksCharged).toBe(1);
});

/** In a workflow that n8n ends after {@link TIMEOUT_S}. */
async function runTimed(...nodes: WorkflowNode[]): Promise<string> {
	const workflow = chain('With a timeout', start, ...nodes);
	const settings = { executionTimeout: TIMEOUT_S };
	const { id } = await stage.put({ ...workflow, settings });
	return await stage.api.run(id, 'Start');
}

async function expectSilence(): Promise<void> {
	const sent = apiCalls(stage.kling);
	await pause(2_000);
	expect(apiCalls(stage.kling)).toBe(sent);
}

it('Keep Polling: the execution is canceled, and its error names what was charged', async () => {
	const { api, kling, imageUrl } = stage;
	const before = kling.tasks.length;
	const polling = { operation: 'create', imageUrl: imageUrl, options: { pollInterval: 1 } };
	const id = await runTimed(itemsNode(numbered(3)), klingNode(polling));
	const execution = await api.waitUntilFinished(id);
	const text = reads('Workflow timeout while polling', execution);
	const paid = kling.tasks.slice(before).map(({ task_id }) => task_id);
	settle('Workflow timeout while polling', {
		wanted: 3,
		charged: paid.length,
		found: namedIn(text, stage),
	});
	expect(paid).toHaveLength(3);
	expect(text).toMatch(
		/^canceled: The execution was canceled \| Items 0, 1, 2: created and charged \(/,
	);
	expect(outputOf(execution, 'Kling')).toEqual([]);
	await expectSilence();
	await expectNoSecrets(stage, execution);
});

it('Pause Until Callback: a callback after the timeout still wakes the execution', async () => {
	const { api, kling } = stage;
	const id = await runTimed(itemsNode([{}]), pausingNode(stage), after);
	await api.waitFor(id, ['waiting'], 30_000);
	const { task_id = '' } = kling.tasks.at(-1) ?? {};
	await pause(TIMEOUT_S * 1000);
	await kling.move(task_id, 'succeed');
	const execution = await api.waitUntilFinished(id);
	reads('Workflow timeout while paused, then the callback', execution);
	const found = idsOf(outputOf(execution, after.name));
	settle('Workflow timeout while paused, then the callback', { wanted: 1, charged: 1, found });
	expect(found).toEqual([task_id]);
	expect(execution.status).toBe('success');
});

/** n8n stores it a moment after the end of the execution. */
async function customDataOf(executionId: string): Promise<string> {
	for (let tries = 0; tries < 50; tries++) {
		const { customData } = await stage.api.getExecution(executionId);
		if (customData?.kling_tasks) return customData.kling_tasks;
		await pause(200);
	}
	return '';
}

it('Stop in the middle of creates: the custom data and the log name what was and may have been charged', async () => {
	const { api, kling, imageUrl } = stage;
	const before = kling.tasks.length;
	const answered = {
		on: 'create',
		kind: 'slow',
		when: 'after',
		delayMs: 60_000,
		times: 2,
	} as const;
	const fault = kling.fault({ ...answered, skip: 2 });
	const options = { maxConcurrent: 2, pollInterval: 1 };
	const create = klingNode({ operation: 'create', imageUrl: imageUrl, options });
	const { id: workflowId } = await stage.put(chain('Stop', start, itemsNode(numbered(6)), create));
	const id = await api.run(workflowId, 'Start');
	await kling.until(() => kling.tasks.length === before + 4, 30_000);
	await api.stopExecution(id);
	fault.remove();
	const execution = await api.waitUntilFinished(id);
	reads('Stop in the middle of creates', execution);
	const told = await customDataOf(id);
	const log = await readFile(place().logFile, 'utf8');
	console.log(`Stop in the middle of creates: the custom data says "${told}"`);
	const paid = kling.tasks.slice(before);
	const named = (text: string) =>
		paid
			.filter((task) => text.includes(task.task_id) || text.includes(task.external_task_id ?? ''))
			.map(({ task_id }) => task_id);
	settle('Stop in the middle of creates', { wanted: 6, charged: paid.length, found: named(told) });
	expect(named(log)).toHaveLength(4);
	expect(told).toMatch(/^Items 0, 1: created and charged \(/);
	expect(told).toMatch(/^Items 2, 3: sent, got no answer, perhaps created and charged \(/m);
	expect(told).toMatch(/^Items 4, 5: nothing created or charged\.$/m);
	await expectSilence();
	await expectNoSecrets(stage, execution);
});

it('Pause Between Checks: canceled when the pause ends; the node before it names the task', async () => {
	const execution = await stage.api.waitUntilFinished(betweenChecks, 90_000);
	reads('Workflow timeout while paused between checks', execution);
	const found = idsOf(outputOf(execution, 'Create'));
	settle('Workflow timeout while paused between checks', { wanted: 1, charged: 1, found });
	expect(execution.status).toBe('canceled');
	expect(outputOf(execution, after.name)).toEqual([]);
}, 120_000);
