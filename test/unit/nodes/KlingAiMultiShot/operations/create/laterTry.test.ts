import type { INodeParameters } from 'n8n-workflow';
import { makeImage } from '../../../../../kling';
import { useFastTime } from '../../../../../support/fastTime';
import { WHOLE_TASK } from '../../../../../support/parameters';
import { useStage } from '../../../../../support/stage';
import { told } from '../../../shared/transport/told';

/** What n8n shows in the end is the report of the last try: it speaks of the tries before it, too. */

useFastTime(20);

const stage = useStage({ mode: 'manual' });
let front: string;
let refused: string;

beforeAll(async () => {
	front = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
	refused = (await makeImage({ width: 320, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

/** Kling refuses the second item's image at each try. */
const createTwice = (options: INodeParameters) =>
	stage.engine.runNode({
		items: [{ json: { image: front } }, { json: { image: refused } }],
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64: '={{ $json.image }}',
			waitForCompletion: false,
			options,
		},
		nodeSettings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	});
const idsOf = () => stage.kling.tasks.map(({ task_id }) => task_id);

function refuseSecond(): void {
	stage.kling.fault({
		on: 'create',
		kind: 'error',
		code: 1301,
		times: Infinity,
		matching: ({ body }) => JSON.stringify(body).includes(refused),
	});
}

it('names the task of an item that the last try did not come to', async () => {
	const { kling } = stage;
	refuseSecond();
	// The last try cannot read the first item's task, and is ended before it asks again.
	kling.fault({ on: 'get', kind: 'error', code: 5000, times: Infinity });
	const run = await createTwice({ maxConcurrent: 2 });
	const [task_id = ''] = idsOf();
	expect(told(run)).toContain(`\nItem 0: created and charged by an earlier try (${task_id}).`);
	expect(told(run)).not.toContain('Item 0: nothing created');
});

it('names each task that tries without a memory have created', async () => {
	const { kling } = stage;
	refuseSecond();
	const run = await createTwice({ maxConcurrent: 1, reuseTaskOnRetry: false });
	const [first = '', second = ''] = idsOf();
	expect(told(run)).toContain(
		`\nItem 0: created and charged (${second}).\nItem 0: created and charged by an earlier try (${first}).`,
	);
	expect(told(run)).toContain('\nNothing was created or charged for this item.\n');
	expect(kling.counters.tasksCharged).toBe(2);
});

it('says that a task may exist where an earlier try lost the answer', async () => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'drop', when: 'after' });
	kling.fault({ on: 'create', kind: 'error', code: 1301, times: Infinity });
	const run = await createTwice({ maxConcurrent: 1, reuseTaskOnRetry: false });
	expect(told(run)).toContain('\nAn earlier try got no answer and may have been charged.\n');
	expect(told(run)).not.toMatch(/^Nothing was created/m);
	expect(kling.counters.tasksCharged).toBe(1);
});

it('a task that had failed before it was found is not checked again', async () => {
	const { engine, kling } = stage;
	kling.fault({ on: 'create', kind: 'drop', when: 'after' });
	// It fails just before the first lookup.
	kling.fault({
		on: 'get',
		kind: 'error',
		matching() {
			const [task] = kling.tasks;
			if (task?.status === 'submitted')
				void kling.move(task.task_id, 'failed', { task_status_msg: 'No face' });
			return false;
		},
	});
	const run = await engine.runNode({
		items: [{ json: {} }],
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64: front,
			options: { pollInterval: 60 },
		},
	});
	expect(told(run)).toContain(`Task ${idsOf()[0]} failed: No face`);
	expect(kling.count('get')).toBe(1);
});

it('a task that Kling says it does not know is not created again', async () => {
	const { engine, kling } = stage;
	kling.switches.externalIdsUnique = false;
	const parameters = {
		...WHOLE_TASK,
		operation: 'create',
		imageSource: 'base64',
		imageBase64: front,
		waitForCompletion: false,
		options: { externalTaskId: 'order-that-kling-denies' },
	};
	await engine.runNode({ items: [{ json: {} }], parameters });
	await new Promise((resolve) => setTimeout(resolve, 21_000));
	kling.fault({ on: 'get', kind: 'error', code: 1201, times: Infinity });
	const run = await engine.runNode({ items: [{ json: {} }], parameters });
	expect(run.items[0]?.json).toMatchObject({ task_id: idsOf()[0], reused: true });
	expect(kling.counters.tasksCharged).toBe(1);
});
