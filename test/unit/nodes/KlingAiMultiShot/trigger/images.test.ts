import { useStage } from '../../../../support/stage';
import { bodyOf, finishedTask } from './callbacks';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

const KEYS = [1, 2, 3].flatMap((set) => [1, 2, 3].map((view) => `image_${set}_${view}`));

async function call(parameters: Record<string, unknown>, task_id = finishedTask(stage)) {
	const listener = stage.engine.listen({ parameters: parameters as never });
	const { status } = await stage.kling.sendCallback(listener.url, bodyOf(task_id));
	const downloaded = stage.kling.count('view');
	await listener.settled();
	const items = listener.outcomes.flatMap(({ workflowData }) => workflowData?.[0] ?? []);
	return { task_id, status, downloaded, items, outcomes: listener.outcomes };
}

it('no image is fetched unless the user wants it', async () => {
	const { items } = await call({});

	expect(items).toHaveLength(1);
	expect(items[0]).not.toHaveProperty('binary');
	expect(stage.kling.count('view')).toBe(0);
});

it('one item for each task, with nine files', async () => {
	const { items, task_id } = await call({ downloadImages: true });

	expect(items).toHaveLength(1);
	expect(Object.keys(items[0]?.binary ?? {}).sort()).toEqual(KEYS);
	const file = items[0]?.binary?.image_1_1;
	expect(file?.fileName).toBe(`${task_id}_1_1.png`);
	const bytes = await stage.engine.readBinary(file as never);
	expect(bytes.subarray(1, 4).toString()).toBe('PNG');
	expect(stage.kling.counters.authorizedViews).toBe(0);
});

it('another prefix of the fields', async () => {
	const options = { outputBinaryPrefix: 'view_' };
	const { items } = await call({ downloadImages: true, options });

	expect(Object.keys(items[0]?.binary ?? {})).toContain('view_2_3');
});

it.each([false, true])('one item for each image, downloaded: %s', async (downloadImages) => {
	const { items, task_id } = await call({ downloadImages, output: 'images' });

	expect(items.map(({ json }) => `image_${Number(json.set)}_${Number(json.view)}`)).toEqual(KEYS);
	for (const { json, binary } of items) {
		expect(json).toMatchObject({ task_id });
		expect(json.url).toMatch(/^http/);
		expect(Object.keys(binary ?? {})).toEqual(downloadImages ? ['data'] : []);
	}
});

it('Kling has its answer before an image is fetched', async () => {
	stage.kling.fault({ on: 'view', kind: 'slow', delayMs: 500, times: 9 });
	const { downloaded, items, outcomes, status } = await call({ downloadImages: true });

	expect(status).toBe(200);
	// Those three that n8n begins with may be under way, none can have come.
	expect(downloaded).toBeLessThanOrEqual(3);
	expect(outcomes).toMatchObject([{ noWebhookResponse: true }]);
	expect(Object.keys(items[0]?.binary ?? {})).toHaveLength(9);
	const [{ at = 0, ms = 0 } = {}] = stage.kling.deliveries;
	const views = stage.kling.requests.filter(({ operation }) => operation === 'view');
	expect(at + ms).toBeLessThan(Math.min(...views.map((view) => view.at + view.ms)));
});

it('an image that cannot be had keeps its URL, and the task comes out all the same', async () => {
	stage.kling.fault({ on: 'view', kind: 'error', status: 404, times: 1 });
	const { items } = await call({ downloadImages: true });

	expect(items).toHaveLength(1);
	expect(Object.keys(items[0]?.binary ?? {})).toHaveLength(8);
	expect(items[0]?.json).toMatchObject({ task_status: 'succeed' });
	expect(stage.engine.logs.entries.filter(({ level }) => level === 'warn')).toEqual([]);
});

it('a task that failed comes out without images', async () => {
	const { task_id } = stage.kling.createTask();
	await stage.kling.move(task_id, 'failed');
	const listener = stage.engine.listen({ parameters: { downloadImages: true, output: 'images' } });
	await stage.kling.sendCallback(listener.url, bodyOf(task_id, 'failed'));
	await listener.settled();

	expect(listener.outcomes[0]?.workflowData?.[0]).toMatchObject([
		{ json: { task_id, task_status: 'failed' } },
	]);
});
