import { setTimeout as sleep } from 'node:timers/promises';

import axios from 'axios';
import { countReadings } from '../support/readings';
import { useFastTime } from '../support/fastTime';
import { useStage } from '../support/stage';
import { makeImage } from '../kling';
import { WHOLE_TASK } from '../support/parameters';

useFastTime();

/** What arrives at the resume URL is nobody's word but a caller's. */

const SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

async function pause(count = 1, credentials = stage.credentials) {
	const paused = await stage.engine.runNode({
		items: Array.from({ length: count }, (_, item) => ({ json: { item } })),
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitMode: 'callback',
		},
		credentials,
	});
	expect(paused.status).toBe('waiting');
	return paused;
}

async function post(body: unknown): Promise<number> {
	const url = stage.kling.tasks[0]?.callback_url ?? '';
	return (await axios.post(url, body, { validateStatus: () => true })).status;
}

it.each([
	['failed', { task_status: 'failed', task_status_msg: 'forged' }],
	[
		'images of another server',
		{
			task_status: 'succeed',
			task_result: { images: [{ index: 0, url_1: 'https://forged.test/1.png' }] },
		},
	],
])(
	'a body that says %s is not believed',
	async (_what, body) => {
		const { engine, kling } = stage;
		const paused = await pause();
		const task_id = kling.tasks[0]?.task_id ?? '';
		expect(await post({ task_id, task_info: {}, ...body })).toBe(503);
		await kling.move(task_id, 'succeed');
		const run = await engine.nextRun(paused);
		expect(run.items[0]?.json).toMatchObject({ task_status: 'succeed', completed: true });
		expect(JSON.stringify(run.items)).not.toContain('forged');
	},
	30_000,
);

it('a credential that cannot be used at the moment leaves it parked', async () => {
	const { credentials, engine, kling } = stage;
	const paused = await pause();
	const task_id = kling.tasks[0]?.task_id ?? '';
	const klingApi = credentials.klingApi ?? {};
	const { baseUrl } = klingApi;
	klingApi.baseUrl = 'nowhere';
	expect(await post({ task_id, task_status: 'succeed' })).toBe(503);
	klingApi.baseUrl = baseUrl ?? '';
	await kling.move(task_id, 'succeed');
	expect((await engine.nextRun(paused)).items[0]?.json).toMatchObject({ task_id, completed: true });
});

it('of callbacks at one moment one wakes it, all are thanked, and they share the next look', async () => {
	const { engine, kling } = stage;
	const paused = await pause(4);
	const before = kling.count('list');
	// What a look saw arrives later than what happens in the meantime.
	kling.fault({ on: 'list', kind: 'slow', delayMs: 500, when: 'after', times: Infinity });
	const [first, ...others] = kling.tasks.map(({ task_id }) => task_id);
	const moves = [kling.move(first ?? '', 'succeed')];
	await kling.until(() => kling.count('list') === before + 1);
	await sleep(150);
	moves.push(...others.map(async (id) => await kling.move(id, 'succeed')));
	await Promise.all(moves);
	const run = await engine.nextRun(paused);
	expect(run.items.every(({ json }) => json.completed === true)).toBe(true);
	expect(kling.deliveries.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
	expect(kling.count('list') - before).toBe(2);
});

it('a callback that comes again costs no further look', async () => {
	const { engine, kling } = stage;
	kling.switches.callbackCopies = 3;
	const paused = await pause(3);
	const before = kling.requests.length;
	for (const { task_id } of kling.tasks) await kling.move(task_id, 'succeed');
	const run = await engine.nextRun(paused);
	expect(run.items.every(({ json }) => json.completed === true)).toBe(true);
	// One page of List, then a Get for each of the last two, then for the last one.
	expect(kling.requests.length - before).toBe(4);
});

it('one reading of the credential serves a callback, since n8n takes an isolate for each', async () => {
	const { credentials, engine, kling } = stage;
	const paused = await pause();
	const readings = countReadings(credentials);
	const before = kling.count('get');
	kling.switches.queryLagMs = 300;
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	expect((await engine.nextRun(paused)).items[0]?.json.completed).toBe(true);
	// A second one where the first came before Kling's API knew.
	expect([1, 2]).toContain(kling.count('get') - before);
	expect(readings.count).toBe(1);
});

it('a signed callback that carries all needs no reading of the credential', async () => {
	const { engine, kling } = stage;
	const credentials = { klingApi: { ...stage.credentials.klingApi, webhookSecret: SECRET } };
	kling.webhookSecret = SECRET;
	kling.switches.callbackBody = 'documented';
	const paused = await pause(1, credentials);
	const readings = countReadings(credentials);
	for (const status of ['processing', 'succeed'] as const)
		await kling.move(kling.tasks[0]?.task_id ?? '', status);
	expect((await engine.nextRun(paused)).items[0]?.json.completed).toBe(true);
	expect(readings.count).toBe(0);
});
