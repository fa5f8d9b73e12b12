import { startEngine, type Engine } from '../../support/engine';
import { dummyPackage, resetCalls, callCount } from './dummy';

describe('the engine of the tests', () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({
			nodeTypes: dummyPackage,
			credentials: { dummyApi: { key: 'secret' } },
		});
	});
	beforeEach(() => {
		resetCalls();
		engine.logs.clear();
	});
	afterAll(() => {
		engine.stop();
	});

	it('runs a node over all items, with defaults, expressions and credentials', async () => {
		const items = [{ json: { name: 'a' } }, { json: { name: 'b' } }];
		const run = await engine.runNode({
			type: 'dummy',
			parameters: { value: '={{ $json.name }}' },
			items,
		});

		expect(run.error).toBeUndefined();
		expect(run.status).toBe('success');
		expect(run.items.map(({ json }) => json.value)).toEqual(['a', 'b']);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(run.items[0]?.json.credential).toMatchObject({ key: 'secret', region: 'global' });
		expect(run.hints).toEqual([{ message: 'A hint' }]);
		expect(engine.logs.text()).toContain('The dummy ran');
	});

	it('shows the error that the user reads', async () => {
		const run = await engine.runNode({ type: 'dummy', parameters: { do: 'fail' } });

		expect(run.status).toBe('error');
		expect(run.error).toMatchObject({
			name: 'NodeApiError',
			message: 'It failed',
			httpCode: '418',
		});
	});

	it('passes items on when the node continues on error', async () => {
		const run = await engine.runNode({
			type: 'dummy',
			parameters: { do: 'fail' },
			items: [{ json: { name: 'a' } }],
			nodeSettings: { onError: 'continueRegularOutput' },
		});

		expect(run.items[0]?.json).toEqual({ name: 'a' });
		// n8n's own: a last node that throws ends the execution as an error, whatever its setting.
		expect(run.status).toBe('error');
	});

	it('retries on fail', async () => {
		const nodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const run = await engine.runNode({
			type: 'dummy',
			parameters: { do: 'failOnce' },
			nodeSettings,
		});

		expect(run.status).toBe('success');
		expect(callCount()).toBe(2);
	});

	it('is stopped as by the Stop button', async () => {
		const run = await engine.runNode({
			type: 'dummy',
			parameters: { do: 'sleep' },
			cancelAfterMs: 100,
		});

		expect(run.status).toBe('canceled');
		expect(run.durationMs).toBeGreaterThan(99);
		// Its sleep takes 5 s.
		expect(run.stopLatencyMs).toBeLessThan(2_500);
	});

	it('keeps binary data in n8n storage', async () => {
		const content = Buffer.from('0123456789');
		const data = await engine.binary({ content });
		const run = await engine.runNode({
			type: 'dummy',
			parameters: {},
			items: [{ json: {}, binary: { data } }],
		});

		expect(data.id).toMatch(/^filesystem-v2:/);
		expect(run.items[0]?.json.size).toBe(content.length);
		expect(await engine.readBinary(data)).toEqual(content);
	});

	it.each(['engine', 'classic'] as const)('runs a node as a tool (%s)', async (asTool) => {
		const run = await engine.runNode({
			type: 'dummy',
			asTool,
			parameters: { value: "={{ $fromAI('name', 'a name', 'string') }}" },
			items: [{ json: { name: 'a' } }, { json: { name: 'b' } }],
		});

		expect(run.raw.data.resultData.error).toBeUndefined();
		expect(JSON.stringify(run.items)).toContain('"value":"a"');
		expect(JSON.stringify(run.items)).toContain('"value":"b"');
		expect(JSON.stringify(run.items)).toContain('"tool":true');
		expect(JSON.stringify(run.node('Agent').items)).toContain('"reply"');
	});

	it('runs a workflow of several nodes, and shows what each gave', async () => {
		const run = await engine.runWorkflow({
			nodes: [
				{
					name: 'In',
					type: 'test.source',
					items: [{ json: { yes: true } }, { json: { yes: false } }],
				},
				{ name: 'If', type: 'test.if', parameters: { field: 'yes' } },
				{ name: 'Dummy', type: 'dummy' },
				{ name: 'Out', type: 'test.noOp' },
			],
			connections: [['In', 'If', 'Dummy', 'Out']],
		});

		expect(run.executed).toEqual(['In', 'If', 'Dummy', 'Out']);
		expect(run.node('If').outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(run.items).toHaveLength(1);
	});

	it('refuses a workflow that n8n would not start', async () => {
		await expect(engine.runNode({ type: 'dummy', parameters: { value: '' } })).rejects.toThrow(
			'has issues',
		);
	});

	it('runs without credentials where the test gives none', async () => {
		const run = await engine.runNode({ type: 'dummy', parameters: {}, credentials: {} });

		expect(run.error?.message).toBe('Node does not have any credentials set for "dummyApi"');
	});
});
