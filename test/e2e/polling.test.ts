import { setTimeout as pause } from 'node:timers/promises';

import type { RecordedRequest } from '../kling';
import { failureOf, outputOf, type Execution } from '../support/n8n';
import { WHOLE_TASK } from '../support/parameters';
import { numbered } from './creating';
import { apiCalls, itemsNode, klingNode, run } from './pausing';
import { useStage } from './stage';

const TASKS = 1_000;

const stage = useStage();
beforeEach(() => stage.kling.reset());

/** Requests of one check of all tasks follow each other at once, and the checks are a second apart. */
function checks(requests: readonly RecordedRequest[]): RecordedRequest[][] {
	const found: RecordedRequest[][] = [];
	for (const request of requests) {
		const before = found.at(-1)?.at(-1);
		if (before && request.at - (before.at + before.ms) < 500) found.at(-1)?.push(request);
		else found.push([request]);
	}
	return found;
}

it('1,000 tasks are waited for by at most three requests a check', async () => {
	const { api, kling } = stage;
	const ids = Array.from({ length: TASKS }, () => kling.createTask().task_id);
	const executionId = await run(
		stage,
		itemsNode(ids.map((task_id) => ({ task_id }))),
		klingNode({
			operation: 'wait',
			taskId: { __rl: true, mode: 'id', value: '={{ $json.task_id }}' },
			...WHOLE_TASK,
			options: { pollInterval: 1 },
		}),
	);
	await kling.until(() => checks(kling.requests).length >= 4, 60_000);
	for (const id of ids) await kling.move(id, 'succeed');
	const execution = await api.waitUntilFinished(executionId);
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	expect(outputOf(execution, 'Kling').map(({ json }) => json['task_id'])).toEqual(ids);
	const requests = checks(kling.requests).map(({ length }) => length);
	console.log(`${TASKS} tasks: requests of each check: ${requests.join(', ')}`);
	expect(Math.max(...requests)).toBeLessThanOrEqual(3);
}, 120_000);

async function stopped(executionId: string): Promise<{ execution: Execution; ms: number }> {
	const begin = Date.now();
	await stage.api.stopExecution(executionId);
	const execution = await stage.api.waitUntilFinished(executionId);
	return { execution, ms: Date.now() - begin };
}

it.each([
	['while it waits', 5],
	['while it creates', 1],
])('Stop ends Create Task %s, and nothing is sent after it', async (when, maxConcurrent) => {
	const { kling, imageUrl } = stage;
	if (maxConcurrent === 1) kling.fault({ on: 'create', kind: 'slow', delayMs: 300, times: 10 });
	const options = { maxConcurrent, pollInterval: 2 };
	const parameters = { operation: 'create', imageUrl: imageUrl, options };
	const executionId = await run(stage, itemsNode(numbered(5)), klingNode(parameters));
	await kling.until(() => kling.tasks.length === (maxConcurrent === 1 ? 2 : 5), 30_000);
	await pause(maxConcurrent === 1 ? 0 : 500);
	const { execution, ms } = await stopped(executionId);
	console.log(`Stop ${when}: over after ${ms} ms`);
	expect(execution.status).toBe('canceled');
	expect(ms).toBeLessThan(10_000);
	const sent = apiCalls(kling);
	await pause(3_500);
	expect(apiCalls(kling)).toBe(sent);
});
