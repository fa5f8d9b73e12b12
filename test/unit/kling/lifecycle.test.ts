import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import axios from 'axios';
import { DEFAULT_SWITCHES, makeImage, startKling } from '../../kling';
import { create, dataOf, get } from './client';
import { startReceiver } from '../../support/receiver';

const imageOf = async () => (await makeImage({ width: 300, height: 300 })).toString('base64');

it('auto mode: tasks go their way by themselves, and end as fate says', async () => {
	const receiver = await startReceiver();
	const kling = await startKling({ mode: 'auto', durationMs: [40, 80], seed: 5 });
	kling.fate = (task) =>
		task.external_task_id === 'bad' ? { status: 'failed', task_status_msg: 'Not that' } : undefined;
	const body = { element_frontal_image: await imageOf(), callback_url: receiver.url };
	const good = dataOf(await create(kling, body));
	const bad = dataOf(await create(kling, { ...body, external_task_id: 'bad' }));
	await kling.until(() => kling.tasks.every(({ history }) => history.length === 3));
	expect(kling.tasks.map(({ history }) => history[1]?.status)).toEqual([
		'processing',
		'processing',
	]);
	await kling.settled();
	expect(kling.task(good.task_id).status).toBe('succeed');
	expect(kling.task(bad.task_id).task_status_msg).toBe('Not that');
	expect(receiver.statuses().sort()).toEqual(['failed', 'processing', 'processing', 'succeed']);
	const durations = kling.tasks.map(({ durationMs = 0 }) => durationMs);
	for (const duration of durations) {
		expect(duration).toBeGreaterThanOrEqual(40);
		expect(duration).toBeLessThanOrEqual(80);
	}
	kling.reset();
	await create(kling, body);
	expect(kling.tasks[0]?.durationMs).toBe(durations[0]);
	await kling.close();
	await receiver.close();
});

it('auto mode: a task that is moved by hand stays where it was moved', async () => {
	const kling = await startKling({ mode: 'auto', durationMs: [400, 400] });
	const { task_id } = dataOf(await create(kling, { element_frontal_image: await imageOf() }));
	await kling.move(task_id, 'failed');
	await new Promise((resolve) => setTimeout(resolve, 450));
	expect(kling.task(task_id)).toMatchObject({ status: 'failed', history: { length: 2 } });
	await kling.close();
});

it('the first callback can be the one for submitted', async () => {
	const receiver = await startReceiver();
	const kling = await startKling({ switches: { callbackOnSubmitted: true } });
	await create(kling, { element_frontal_image: await imageOf(), callback_url: receiver.url });
	await kling.settled();
	expect(receiver.statuses()).toEqual(['submitted']);
	await kling.close();
	await receiver.close();
});

it('a record of what was asked, how many at a time, and a reset that forgets it', async () => {
	const kling = await startKling({ slots: 3 });
	kling.fault({ on: 'get', kind: 'slow', delayMs: 150, times: 3 });
	const { task_id } = kling.createTask();
	await Promise.all([1, 2, 3].map(async () => await get(kling, `/${task_id}`)));
	const long = await imageOf();
	await create(kling, { element_frontal_image: long, external_task_id: 'a' });
	await get(kling, '?pageNum=2&pageSize=7');
	await get(kling, '');
	expect(kling.requests.slice(0, 3).every(({ ms }) => ms >= 140)).toBe(true);
	expect(kling.counters.maxParallel).toMatchObject({ get: 3, create: 1, list: 1 });
	expect(kling.requests.slice(3)).toMatchObject([
		{ operation: 'create', method: 'POST', status: 200, code: 0, body: { external_task_id: 'a' } },
		{
			operation: 'list',
			path: '/v1/general/ai-multi-shot',
			query: { pageNum: '2', pageSize: '7' },
		},
		{ operation: 'list', query: {} },
	]);
	expect([kling.count('get'), kling.count('create'), kling.count('view')]).toEqual([3, 1, 0]);
	const { tasks, requests } = kling;
	Object.assign(kling, { slots: 1, clockOffsetMs: 9 });
	kling.switches.wrongRegion = true;
	kling.fault({ on: 'any', kind: 'drop' });
	kling.reset();
	expect([tasks.length, requests.length, kling.slots, kling.clockOffsetMs]).toEqual([0, 0, 3, 0]);
	expect(kling.switches).toEqual(DEFAULT_SWITCHES);
	expect((await get(kling, '')).body).toMatchObject({ code: 0, data: [] });
	expect(dataOf(await create(kling, { element_frontal_image: long })).task_id).not.toBe(task_id);
	await kling.close();
});

it('an image that is long in the record is a hash', async () => {
	const kling = await startKling();
	const image = 'A'.repeat(20_000);
	await create(kling, { element_frontal_image: image });
	const body = kling.requests[0]?.body as Record<string, string>;
	expect(body.element_frontal_image).toMatch(/^sha256:[0-9a-f]{64} \(20000 characters\)$/);
	await kling.close();
});

it('close ends open sockets, slow answers, delayed callbacks and endless bodies', async () => {
	const kling = await startKling({ mode: 'auto', switches: { callbackDelayMs: 60_000 } });
	const agent = new Agent({ keepAlive: true });
	await axios.get(kling.baseUrl, { httpAgent: agent, validateStatus: () => true });
	const { task_id } = kling.createTask({ callback_url: 'http://127.0.0.1:1/' });
	await kling.move(task_id, 'processing');
	kling.fault({ on: 'list', kind: 'slow', delayMs: 60_000 });
	const slow = get(kling, '');
	const endless = axios.get(kling.serve('endless', Buffer.alloc(99), { endless: true }));
	const broken = Promise.all([expect(slow).rejects.toThrow(), expect(endless).rejects.toThrow()]);
	await kling.until(() => kling.requests.length === 3);
	const before = Date.now();
	await kling.close();
	await kling.close();
	await broken;
	// What it ends would have taken a minute.
	expect(Date.now() - before).toBeLessThan(30_000);
	await expect(get(kling, '')).rejects.toThrow('ECONNREFUSED');
	agent.destroy();
});

it('on its own: prints address and keys, works, and ends on SIGTERM', async () => {
	const root = join(__dirname, '../../..');
	const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
	const options = ['--duration', '0.01-0.02', '--slots', '2'];
	const child = spawn(process.execPath, [tsx, join(root, 'test/kling/main.ts'), ...options]);
	let printed = '';
	child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
	const ended = once(child, 'exit');
	for (const end = Date.now() + 15_000; !printed.includes('Ctrl-C') && Date.now() < end;) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	const field = (name: string) => new RegExp(`${name}:? +(\\S+)`).exec(printed)?.[1] ?? '';
	const headers = { authorization: `Bearer ${field('API Key')}` };
	const url = `${field('Local Kling')}/v1/general/ai-multi-shot`;
	const answer = await axios.post(url, { element_frontal_image: field('Image') }, { headers });
	expect(answer.data).toMatchObject({ code: 0, data: { task_status: 'submitted' } });
	child.kill('SIGTERM');
	expect(await ended).toEqual([0, null]);
	expect(printed).toContain('POST /v1/general/ai-multi-shot 200 0');
}, 20_000);
