import { createHmac } from 'node:crypto';
import { signatureHeaders, startKling, type Kling } from '../../kling';
import consoleTest from '../../fixtures/callback-console-test.json';
import documented from '../../fixtures/callback.json';
import reported from '../../fixtures/callback-reported.json';
import vector from '../../fixtures/signature-vector.json';
import { dataOf, get } from './client';
import { startReceiver } from '../../support/receiver';

let kling: Kling;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
	kling = await startKling();
	receiver = await startReceiver();
});
afterEach(async () => {
	await kling.close();
	await receiver.close();
});

const made = (external_task_id?: string) =>
	kling.createTask({ callback_url: receiver.url, external_task_id });

async function finish(task_id: string, end: 'succeed' | 'failed' = 'succeed'): Promise<void> {
	await kling.move(task_id, 'processing');
	await kling.move(task_id, end);
}

it('one for each change, in order, recorded with the answer', async () => {
	const { task_id } = made();
	receiver.status = 503;
	await finish(task_id, 'failed');
	expect(receiver.statuses()).toEqual(['processing', 'failed']);
	expect(kling.deliveries).toMatchObject([
		{ url: receiver.url, task_id, task_status: 'processing', status: 503, answer: 'taken' },
		{ task_status: 'failed', body: receiver.received[1]?.raw },
	]);
});

it('looks as reported: headers, no signature, empty info and result', async () => {
	await finish(made('order-4711').task_id);
	const [, last] = receiver.received;
	expect(last?.headers).toMatchObject({
		'content-type': 'application/json; charset=utf-8',
		'user-agent': expect.stringMatching(/^Apache-HttpClient\//) as string,
	});
	expect(last?.headers).not.toHaveProperty('webhook-signature');
	expect(last?.headers).not.toHaveProperty('authorization');
	expect(Object.keys({ ...last?.body, final_balance_deduction: 0 }).sort()).toEqual(
		Object.keys({ ...reported, final_balance_deduction: 0 }).sort(),
	);
	expect(last?.body.task_info).toEqual({});
	expect(last?.body.task_result).toEqual(reported.task_result);
});

it('documented shape: info and images as Get tells them', async () => {
	kling.switches.callbackBody = 'documented';
	const { task_id } = made('order-4711');
	await finish(task_id);
	const last = receiver.received[1]?.body;
	expect(last).toEqual(dataOf(await get(kling, `/${task_id}`)));
	expect(Object.keys(last ?? {})).toEqual(expect.arrayContaining(Object.keys(documented)));
});

it('newer shape', async () => {
	kling.switches.callbackBody = 'newer';
	const task = made('order-4711');
	await finish(task.task_id);
	expect(receiver.received[1]?.body).toEqual({
		id: task.task_id,
		external_id: 'order-4711',
		status: 'succeeded',
		outputs: [],
		message: '',
		create_time: task.created_at,
		update_time: task.updated_at,
	});
});

it("the console's test callback, and any other body", async () => {
	await kling.sendTestCallback(receiver.url);
	const types = (value: object) => Object.entries(value).map(([key, part]) => [key, typeof part]);
	expect(types(receiver.received[0]?.body ?? {})).toEqual(types(consoleTest));
	expect(receiver.received[0]?.body).toMatchObject({ status: 'submitted', outputs: [] });
	const { status } = await kling.sendCallback(receiver.url, '[1 ,2]', { headers: { 'x-a': 'b' } });
	expect([status, receiver.received[1]?.raw]).toEqual([200, '[1 ,2]']);
	expect(receiver.received[1]?.headers).toMatchObject({ 'x-a': 'b' });
});

it('goes to loopback addresses only, and survives that nobody is there', async () => {
	const { answer, status } = await kling.sendTestCallback('http://192.0.2.1/hook');
	expect([status, answer]).toEqual([0, expect.stringContaining('loopback')]);
	const nobody = kling.createTask({ callback_url: 'http://127.0.0.1:1/hook' });
	await kling.move(nobody.task_id, 'failed');
	expect(kling.deliveries[1]).toMatchObject({
		status: 0,
		answer: expect.stringContaining('ECONNREFUSED') as string,
	});
});

describe('signature', () => {
	it('the documented vector', () => {
		const { secret, id, timestamp, body, signature } = vector;
		expect(signatureHeaders(secret, id, timestamp * 1000 + 999, body)).toEqual({
			'webhook-id': id,
			'webhook-timestamp': String(timestamp),
			'webhook-signature': signature,
		});
	});

	it('over the raw body, by each secret', async () => {
		const secrets = ['c2VjcmV0LW9uZQ==', 'c2VjcmV0LXR3bw=='];
		kling.webhookSecret = secrets.map((secret) => `whsec_${secret}`).join(' ');
		await finish(made().task_id);
		const last = receiver.received[1];
		const { 'webhook-id': id, 'webhook-timestamp': timestamp } = last?.headers ?? {};
		expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(5);
		const expected = secrets.map((secret) => {
			const mac = createHmac('sha256', Buffer.from(secret, 'base64'));
			return `v1,${mac.update(`${String(id)}.${String(timestamp)}.${last?.raw}`).digest('base64')}`;
		});
		expect(last?.headers['webhook-signature']).toBe(expected.join(' '));
		expect(id).not.toBe(receiver.received[0]?.headers['webhook-id']);
	});

	it('can be left out, old, or by another secret', async () => {
		kling.webhookSecret = vector.secret;
		await kling.sendTestCallback(receiver.url, { secret: '' });
		await kling.sendCallback(receiver.url, vector.body, {
			id: vector.id,
			timestamp: vector.timestamp * 1000,
		});
		expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-id');
		expect(receiver.received[1]?.headers['webhook-signature']).toBe(vector.signature);
	});
});

describe('misbehaving', () => {
	it('twice, with one id', async () => {
		kling.switches.callbackCopies = 2;
		kling.webhookSecret = vector.secret;
		await finish(made().task_id);
		expect(receiver.statuses()).toEqual(['processing', 'processing', 'succeed', 'succeed']);
		const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
		expect(new Set(ids).size).toBe(2);
	});

	it('never', async () => {
		kling.switches.callbackCopies = 0;
		await finish(made().task_id);
		await kling.settled();
		expect(receiver.received).toEqual([]);
	});

	it('late', async () => {
		kling.switches.callbackDelayMs = 250;
		const before = Date.now();
		await finish(made().task_id);
		expect(receiver.received).toEqual([]);
		await kling.settled();
		expect(receiver.statuses()).toEqual(['processing', 'succeed']);
		expect((kling.deliveries[0]?.at ?? 0) - before).toBeGreaterThanOrEqual(248);
	});

	it('out of order', async () => {
		kling.switches.callbackOrder = 'reversed';
		const { task_id } = made();
		await kling.move(task_id, 'processing');
		await kling.settled();
		expect(receiver.received).toEqual([]);
		await kling.move(task_id, 'succeed');
		expect(receiver.statuses()).toEqual(['succeed', 'processing']);
	});

	it('the callback is ahead of the API', async () => {
		kling.switches.queryLagMs = 60_000;
		const { task_id } = made();
		await finish(task_id);
		expect(receiver.statuses()).toContain('succeed');
		expect(dataOf(await get(kling, `/${task_id}`)).task_status).toBe('submitted');
	});
});
