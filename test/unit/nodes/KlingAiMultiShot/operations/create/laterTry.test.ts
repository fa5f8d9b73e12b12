import type { INodeParameters } from 'n8n-workflow';
import { makeImage, type RecordedRequest } from '../../../../../kling';
import type { CredentialData } from '../../../../../support/engine';
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
const createBoth = (
	options: INodeParameters,
	{ maxTries = 2, ...more }: { maxTries?: number; credentials?: CredentialData } = {},
) =>
	stage.engine.runNode({
		...more,
		items: [{ json: { image: front } }, { json: { image: refused } }],
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64: '={{ $json.image }}',
			waitForCompletion: false,
			options,
		},
		nodeSettings: { retryOnFail: true, maxTries, waitBetweenTries: 0 },
	});
const idsOf = () => stage.kling.tasks.map(({ task_id }) => task_id);

const isSecond = ({ body }: RecordedRequest) => JSON.stringify(body).includes(refused);

function refuseSecond(): void {
	stage.kling.fault({
		on: 'create',
		kind: 'error',
		code: 1301,
		times: Infinity,
		matching: isSecond,
	});
}

it('names the task of an item that the last try did not come to', async () => {
	const { kling } = stage;
	refuseSecond();
	// The last try cannot read the first item's task, and is ended before it asks again.
	kling.fault({ on: 'get', kind: 'error', code: 5000, times: Infinity });
	const run = await createBoth({ maxConcurrent: 2 });
	const [task_id = ''] = idsOf();
	expect(told(run)).toContain(`\nItem 0: created and charged by an earlier try (${task_id}).`);
	expect(told(run)).not.toContain('Item 0: nothing created');
});

it('names each task that tries without a memory have created', async () => {
	const { kling } = stage;
	refuseSecond();
	const run = await createBoth({ maxConcurrent: 1, reuseTaskOnRetry: false });
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
	const run = await createBoth({ maxConcurrent: 1, reuseTaskOnRetry: false });
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

it('a third try knows what the first has sent, though the second ended before it could ask', async () => {
	const { kling } = stage;
	refuseSecond();
	kling.fault({ on: 'create', kind: 'slow', delayMs: 10_000, times: Infinity, matching: isSecond });
	// The second try ends while it reads the first item's task.
	const isFirst = ({ path }: RecordedRequest) => path.endsWith(kling.tasks[0]?.task_id ?? '?');
	kling.fault({ on: 'get', kind: 'slow', delayMs: 200_000, matching: isFirst });
	const options = { maxConcurrent: 2, externalTaskId: '={{ "order-" + Math.random() }}' };
	const run = await createBoth(options, { maxTries: 3 });
	expect(told(run)).toContain(idsOf()[0]);
	expect(kling.counters.tasksCharged).toBe(1);
});

describe('a try that cannot start', () => {
	/** The images can be fetched until a task exists. */
	const createAndLoseImages = async (
		refusedFirst: boolean,
		nodeSettings: { onError?: 'continueRegularOutput' },
	) => {
		const { engine, kling } = stage;
		const imageUrl = kling.imageUrl(await makeImage({ width: 300, height: 300 }));
		kling.fault({ on: 'create', kind: 'error', code: 1301, skip: refusedFirst ? 0 : 1 });
		kling.fault({
			on: 'file',
			kind: 'html',
			status: 404,
			times: Infinity,
			matching: () => kling.tasks.length > 0,
		});
		return await engine.runNode({
			items: [{ json: {} }, { json: {} }],
			parameters: {
				...WHOLE_TASK,
				operation: 'create',
				imageUrl,
				waitForCompletion: false,
				options: { maxConcurrent: 1, checkImageUrl: true },
			},
			nodeSettings: { ...nodeSettings, retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
	};

	it('names what the earlier ones have created', async () => {
		const run = await createAndLoseImages(false, {});
		expect(told(run)).toContain('HTTP 404');
		expect(told(run)).toContain(`\nEarlier tries: created and charged (${idsOf()[0]}).`);
		expect(stage.kling.counters.tasksCharged).toBe(1);
	});

	it('because of its credential: names them, too', async () => {
		const { kling } = stage;
		refuseSecond();
		kling.fault({ on: 'create', kind: 'slow', delayMs: 10_000, skip: 1 });
		const credentials = { klingApi: { ...stage.credentials.klingApi } };
		const running = createBoth({ maxConcurrent: 1 }, { credentials });
		await kling.until(() => kling.count('create') === 2);
		credentials.klingApi.baseUrl = 'no address';
		const run = await running;
		expect(told(run)).toContain('Base URL');
		expect(told(run)).toContain(`\nEarlier tries: created and charged (${idsOf()[0]}).`);
	});

	it('with Continue On Fail each item names its own', async () => {
		const run = await createAndLoseImages(true, { onError: 'continueRegularOutput' });
		const details = run.items.map(({ json }) => String(json.details));
		expect(details[0]).not.toContain('Earlier tries');
		expect(details[1]).toContain(`\nEarlier tries: created and charged (${idsOf()[0]}).`);
	});
});
