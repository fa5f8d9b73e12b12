import { startEngine, type Engine } from '../../support/engine';
import { dummyPackage } from './dummy';

const type = 'dummyTrigger';

describe("the engine's webhooks", () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({ nodeTypes: dummyPackage });
	});
	afterAll(() => {
		engine.stop();
	});

	it('starts an execution with what webhook() returns, and answers', async () => {
		const reply = await engine.callWebhook({
			type,
			rawBody: '{ "say": "go" }',
			headers: { 'content-type': 'application/json' },
		});

		expect(reply).toMatchObject({ status: 200, text: '', threw: undefined });
		expect(reply.workflowData).toEqual([[{ json: { mode: 'trigger', raw: '{ "say": "go" }' } }]]);
	});

	it('listens for a test event', async () => {
		const listener = engine.listen({ type, mode: 'manual' });

		expect(listener.url).toMatch(/\/webhook-test\/.+\/hook$/);
		listener.close();
	});

	it('starts nothing when webhook() returns nothing', async () => {
		const reply = await engine.callWebhook({ type, json: {} });

		expect(reply).toMatchObject({ status: 200, workflowData: undefined, threw: undefined });
	});

	it("passes the node's own answer on", async () => {
		const reply = await engine.callWebhook({ type, json: { say: 'refuse' } });

		expect(reply).toMatchObject({ status: 401, text: '{"message":"no"}', noWebhookResponse: true });
	});

	it('shows a caller that never gets an answer', async () => {
		const reply = await engine.callWebhook({ type, json: { say: 'hang' }, timeoutMs: 100 });

		expect(reply.status).toBeUndefined();
	});

	it('shows a throw, which n8n answers with 500', async () => {
		const reply = await engine.callWebhook({ type, json: { say: 'throw' } });

		expect(reply.status).toBe(500);
		expect(reply.threw?.message).toBe('The webhook threw');
	});

	it.each([
		['broken JSON', { rawBody: '{', headers: { 'content-type': 'application/json' } }, 422],
		['another method', { method: 'GET' }, 404],
		['an unknown content type', { rawBody: 'x', headers: { 'content-type': 'image/png' } }, 200],
		['no body', {}, 200],
		[
			'17 MB',
			{ rawBody: Buffer.alloc(17_000_000), headers: { 'content-type': 'application/json' } },
			500,
		],
	])('answers %s as n8n does', async (_name, request, status) => {
		expect((await engine.callWebhook({ type, ...request })).status).toBe(status);
	});

	it('keeps static data from call to call, but not of parallel calls', async () => {
		const listener = engine.listen({
			type,
			staticData: { [`node:Trigger under test`]: { calls: 5 } },
		});
		const call = async () =>
			await fetch(listener.url, {
				method: 'POST',
				body: JSON.stringify({ say: 'go' }),
				headers: { 'content-type': 'application/json' },
			});
		await call();
		await Promise.all([call(), call(), call()]);
		await listener.settled();

		expect(listener.outcomes).toHaveLength(4);
		expect(listener.staticData()).toEqual({ 'node:Trigger under test': { calls: 7 } });
	});
});
