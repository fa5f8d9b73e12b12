import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { makeImage } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { finishedTask, get, giveImages, startStalling } from './imagesGiven';

useFastTime();

const stage = useStage();

beforeEach(() => stage.kling.reset());

const slow = (delayMs: number) =>
	stage.kling.fault({ on: 'view', kind: 'slow', delayMs, times: Infinity });
const itemsOf = (ids: string[]) => ids.map((id) => ({ json: { id } }));

it('downloads three at a time over the whole run, and keeps the order', async () => {
	const ids = Array.from({ length: 4 }, () => finishedTask(stage.kling).task_id);
	slow(30);
	const run = await stage.engine.runNode({
		parameters: get('={{ $json.id }}'),
		items: itemsOf(ids),
	});
	expect(run.items.map(({ json }) => json.task_id)).toEqual(ids);
	expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	expect(run.items.every(({ binary = {} }) => Object.keys(binary).length === 9)).toBe(true);
	expect(stage.kling.count('view')).toBe(36);
	expect(stage.kling.counters.maxParallel.view).toBe(3);
});

async function nothingMoreIsSent(): Promise<void> {
	const { length } = stage.kling.requests;
	await pause(1_500);
	expect(stage.kling.requests).toHaveLength(length);
}

describe('Stop', () => {
	it('ends it while an answer is awaited', async () => {
		const { task_id } = finishedTask(stage.kling);
		slow(20_000);
		const running = stage.engine.runNode({ parameters: get(task_id) });
		await stage.kling.until(() => stage.kling.count('view') === 3);
		running.cancel();
		const run = await running;
		expect(run.stopLatencyMs).toBeLessThan(10_000);
		expect(stage.kling.count('view')).toBe(3);
		await nothingMoreIsSent();
	});

	it('ends it in the middle of an image', async () => {
		const server = await startStalling((await makeImage()).subarray(0, 2_000));
		const requests = jest.fn();
		server.on('request', requests);
		const url = server.imageUrl;
		giveImages(stage.kling, [{ url_1: url, url_2: url, url_3: url }, { url_1: url }]);
		const running = stage.engine.runNode({ parameters: get('7') });
		await stage.kling.until(() => requests.mock.calls.length === 3);
		running.cancel();
		const run = await running;
		expect(run.stopLatencyMs).toBeLessThan(10_000);
		// Only once the downloads have let go of their connections.
		await once(server.close(), 'close');
		expect(requests).toHaveBeenCalledTimes(3);
		await nothingMoreIsSent();
	});
});

describe('an item that fails', () => {
	const parameters = get('={{ $json.id }}');

	it('ends the downloads of the others', async () => {
		const { task_id } = finishedTask(stage.kling);
		slow(40_000);
		stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 10_000, task_id: '404' });
		const run = await stage.engine.runNode({ parameters, items: itemsOf([task_id, '404']) });
		expect(run.error?.message).toMatch(/404/);
		expect(stage.kling.count('view')).toBe(3);
		await nothingMoreIsSent();
	});

	it('leaves them alone with Continue On Fail', async () => {
		const { task_id } = finishedTask(stage.kling);
		const run = await stage.engine.runNode({
			parameters,
			items: itemsOf(['404', task_id]),
			nodeSettings: { onError: 'continueRegularOutput' },
		});
		expect(run.items).toHaveLength(2);
		expect(run.items[0]).toMatchObject({ pairedItem: { item: 0 } });
		expect(run.items[0]?.json.error).toMatch(/404/);
		expect(run.items[1]).toMatchObject({ json: { task_id }, pairedItem: { item: 1 } });
		expect(Object.keys(run.items[1]?.binary ?? {})).toHaveLength(9);
	});
});
