import { startEngine, type Engine, type Run } from '../../support/engine';
import { dummyPackage } from './dummy';

describe("the engine's pauses", () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({
			nodeTypes: dummyPackage,
			credentials: { dummyApi: { key: 'secret' } },
		});
	});
	afterAll(() => {
		engine.stop();
	});

	const park = async () =>
		await engine.runWorkflow({
			nodes: [
				{ name: 'In', type: 'test.source', items: [{ json: { name: 'a' } }] },
				{ name: 'Dummy', type: 'dummy', parameters: { do: 'park' } },
				{ name: 'Out', type: 'test.noOp' },
			],
			connections: [['In', 'Dummy', 'Out']],
		});
	const resumeUrl = (run: Run, path = '/resume') =>
		(run.node('Dummy').items[0]?.json.resumeUrl as string).replace('?', `${path}?`);
	const post = async (url: string, say: string) =>
		await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ say }),
		});

	it('shows a pause', async () => {
		const paused = await park();

		expect(paused.status).toBe('waiting');
		expect(paused.waitTill?.getTime()).toBeGreaterThan(Date.now() + 60_000);
		expect(paused.executed).toEqual(['In', 'Dummy']);
	});

	it('passes the input on when the date has come', async () => {
		const run = await engine.resumeByTimer(await park());

		expect(run.status).toBe('success');
		expect(run.items.map(({ json }) => json)).toEqual([{ name: 'a' }]);
	});

	it('goes on with what webhook() returns', async () => {
		const paused = await park();
		const response = await post(resumeUrl(paused), 'go');
		const run = await engine.nextRun(paused);

		expect(response.status).toBe(200);
		expect(run.status).toBe('success');
		expect(run.items[0]?.json.raw).toBe('{"say":"go"}');
		expect((await post(resumeUrl(paused), 'go')).status).toBe(409);
	});

	it('stays paused when webhook() returns nothing', async () => {
		const paused = await park();

		expect((await post(resumeUrl(paused), 'nothing')).status).toBe(200);
		expect((await engine.resumeByTimer(paused)).status).toBe('success');
	});

	it('is resumed, and fails, when webhook() throws', async () => {
		const paused = await park();

		expect((await post(resumeUrl(paused), 'throw')).status).toBe(500);
		expect((await engine.nextRun(paused)).executed).toContain('Out');
	});

	it('lets one of several callbacks through', async () => {
		const paused = await park();
		const responses = await Promise.all(
			[1, 2, 3].map(async () => await post(resumeUrl(paused), 'go')),
		);

		// 409 for one that came when the first was through.
		expect(responses.map(({ status }) => (status === 409 ? 500 : status)).sort()).toEqual([
			200, 500, 500,
		]);
	});

	it.each([
		['without the token', (url: string) => url.replace(/signature=.*/, ''), 401],
		[
			'with another token',
			(url: string) => url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
			401,
		],
		['at another path', (url: string) => url.replace('/resume', ''), 404],
		['of an unknown execution', (url: string) => url.replace(/waiting\/\d+/, 'waiting/999'), 404],
	])('refuses a call %s', async (_name, change, status) => {
		expect((await post(change(resumeUrl(await park())), 'go')).status).toBe(status);
	});
});
