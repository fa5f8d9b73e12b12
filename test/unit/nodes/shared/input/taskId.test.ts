import type { INodeParameters } from 'n8n-workflow';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';
import { WHOLE_TASK } from '../../../../support/parameters';

useFastTime(20);
const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

const ENDPOINT = '/v1/general/ai-multi-shot';
/** The value comes out of an expression: what stands in the field itself n8n checks before. */
const get = async (mode: string, value: unknown) =>
	await stage.engine.runNode({
		parameters: {
			...WHOLE_TASK,
			operation: 'get',
			taskId: { __rl: true, mode, value: '={{ $json.value }}' },
		},
		items: [{ json: { value } as { value: string } }],
	});

describe('the task is named', () => {
	it.each<[string, (ids: { task_id: string }) => INodeParameters]>([
		['by the default: the task_id of the input', () => ({})],
		['by its id', ({ task_id }) => ({ taskId: { __rl: true, mode: 'id', value: task_id } })],
		['from the list', ({ task_id }) => ({ taskId: { __rl: true, mode: 'list', value: task_id } })],
		[
			'by its external id',
			() => ({ taskId: { __rl: true, mode: 'externalId', value: 'order-1042' } }),
		],
		['by plain text', ({ task_id }) => ({ taskId: task_id })],
		['with white space', ({ task_id }) => ({ taskId: ` ${task_id}\n` })],
	])('%s', async (_name, parameters) => {
		const { task_id } = stage.kling.createTask({ external_task_id: 'order-1042' });
		await stage.kling.move(task_id, 'succeed');
		for (const operation of ['get', 'wait']) {
			const run = await stage.engine.runNode({
				parameters: { operation, ...parameters({ task_id }) },
				items: [{ json: { task_id } }],
			});
			expect(told(run)).toBe('');
			expect(run.items[0]?.json.task_id).toBe(task_id);
		}
	});

	it('by a number that lost no digit', async () => {
		expect(told(await get('id', 12345))).toContain('Kling could not get task 12345');
		expect(stage.kling.requests[0]?.path).toBe(`${ENDPOINT}/12345`);
	});
});

describe('an external id is encoded', () => {
	it.each([
		['order 1042', 'order%201042'],
		['a/b', 'a%2Fb'],
		['../../account', '..%2F..%2Faccount'],
		['a..b', 'a..b'],
		['?pageNum=1', '%3FpageNum%3D1'],
		['#top', '%23top'],
		['100%', '100%25'],
		['%2e%2e', '%252e%252e'],
		['größe', 'gr%C3%B6%C3%9Fe'],
		['日本🙂', '%E6%97%A5%E6%9C%AC%F0%9F%99%82'],
		['a+b&c=d;e', 'a%2Bb%26c%3Dd%3Be'],
	])('%s', async (external_task_id, encoded) => {
		const { task_id } = stage.kling.createTask({ external_task_id });
		const run = await get('externalId', external_task_id);
		expect(told(run)).toBe('');
		expect(run.items[0]?.json.task_id).toBe(task_id);
		expect(stage.kling.requests.map(({ path }) => path)).toEqual([`${ENDPOINT}/${encoded}`]);
	});
});

describe('refused before any request', () => {
	it.each<[string, string, unknown, RegExp, RegExp]>([
		['a rounded number', 'id', 867283741759111200, /Task ID is a number \(8672/, /in quotes/],
		['a broken number', 'id', 1.5, /Task ID is a number \(1.5\)/, /as text/],
		['a number as external id', 'externalId', 2 ** 60, /External ID is a number/, /as text/],
		['nothing', 'id', '', /The Task ID is empty/, /\{\{ \$json\.task_id \}\}/],
		['white space', 'id', ' \t', /The Task ID is empty/, /Create Task/],
		[
			'an empty external id',
			'externalId',
			' ',
			/The External ID is empty/,
			/Create Task was given/,
		],
		['null', 'id', null, /The Task ID is empty/, /Create Task/],
		['a field that is missing', 'id', undefined, /The Task ID is empty/, /Create Task/],
		['the word undefined', 'id', 'undefined', /The Task ID is empty/, /Create Task/],
		['a list', 'id', ['1'], /The Task ID is empty/, /Create Task/],
		['a space', 'id', '8672 8374', /Task ID is not an ID: "8672 8374"/, /without spaces/],
		['a path', 'id', '../account', /Task ID is not an ID: "..\/account"/, /867283741759111202/],
		['a slash', 'id', 'a/b', /Task ID is not an ID: "a\/b"/, /without spaces/],
		['a query', 'id', '1?x=2', /Task ID is not an ID/, /without spaces/],
		['an encoded path', 'id', '%2e%2e', /Task ID is not an ID/, /without spaces/],
		['an address', 'id', 'https://example.com/1', /Task ID is not an ID/, /without spaces/],
		['one dot', 'externalId', '.', /External ID is not an ID: "\."/, /order-1042/],
		['two dots', 'externalId', '..', /External ID is not an ID: "\.\."/, /order-1042/],
		['half a sign', 'externalId', 'a\ud800', /External ID is not an ID/, /order-1042/],
		['very long text', 'id', '1 '.repeat(5_000), /is not an ID: "(1 )+1?…"/, /without spaces/],
	])('%s', async (_name, mode, value, message, description) => {
		const run = await get(mode, value);
		expect(run.error?.name).toBe('NodeOperationError');
		expect(run.error?.message).toMatch(message);
		expect(run.error?.message.length).toBeLessThan(150);
		expect(run.error?.description).toMatch(description);
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('the list in the editor', () => {
	const search = async (filter?: string, token?: string) =>
		await stage.engine.listSearch('searchTasks', filter, token);

	/** From the oldest on, so that the first ones are on the last page. */
	const createMany = (count: number) =>
		Array.from({ length: count }, () => stage.kling.createTask({ status: 'succeed' }).task_id);
	const pagesRead = (from = 0) =>
		stage.kling.requests.slice(from).map(({ query }) => query?.pageNum);

	it('shows tasks newest first: id, status, local time', async () => {
		const at = Date.UTC(2026, 10, 22, 8, 5);
		const statuses = ['succeed', 'failed', 'processing', 'submitted'] as const;
		const ids = statuses.map(
			(status, index) =>
				stage.kling.createTask({ created_at: at - index * 60_000, status }).task_id,
		);
		const named = stage.kling.createTask({
			created_at: at + 60_000,
			external_task_id: 'order-1042',
			status: 'succeed',
		});
		// The engine's workflows have n8n's own default time zone, America/New_York.
		expect(await search()).toEqual({
			results: [
				{
					name: `order-1042 · Succeeded · 2026-11-22 03:06 · ${named.task_id}`,
					value: named.task_id,
				},
				{ name: `${ids[0]} · Succeeded · 2026-11-22 03:05`, value: ids[0] },
				{ name: `${ids[1]} · Failed · 2026-11-22 03:04`, value: ids[1] },
				{ name: `${ids[2]} · Processing · 2026-11-22 03:03`, value: ids[2] },
				{ name: `${ids[3]} · Submitted · 2026-11-22 03:02`, value: ids[3] },
			],
		});
		expect(stage.kling.requests.map(({ query }) => query)).toEqual([
			{ pageNum: '1', pageSize: '500' },
		]);
	});

	it('goes on page by page to the end', async () => {
		const ids = createMany(501);
		const first = await search();
		expect(first.paginationToken).toBe('2');
		const second = await search(undefined, first.paginationToken);
		expect(second.paginationToken).toBeUndefined();
		const values = [first, second].flatMap(({ results }) => results).map(({ value }) => value);
		expect(values).toEqual([...ids].reverse());
	});

	it('finds a task on page 3, by a part of its external id in any case, or of its id', async () => {
		const wanted = stage.kling.createTask({ external_task_id: 'Sneaker-7', status: 'succeed' });
		createMany(1_000);
		for (const filter of ['sneaker', ' EAKER-7 ', wanted.task_id, wanted.task_id.slice(2)]) {
			const before = stage.kling.requests.length;
			const { results, paginationToken } = await search(filter);
			expect(results.map(({ value }) => value)).toEqual([wanted.task_id]);
			expect(paginationToken).toBeUndefined();
			expect(pagesRead(before)).toEqual(['1', '2', '3']);
		}
	});

	it('stops at the first page with a match, and goes on behind it', async () => {
		const older = stage.kling.createTask({ external_task_id: 'shoe-1', status: 'succeed' });
		createMany(500);
		const newer = stage.kling.createTask({ external_task_id: 'shoe-2', status: 'succeed' });
		const first = await search('shoe');
		expect(first.results.map(({ value }) => value)).toEqual([newer.task_id]);
		expect(first.paginationToken).toBe('2');
		const second = await search('shoe', '2');
		expect(second.results.map(({ value }) => value)).toEqual([older.task_id]);
		expect(pagesRead()).toEqual(['1', '2']);
	});

	it('reads ten pages in a search at the most', async () => {
		const wanted = stage.kling.createTask({ external_task_id: 'shoe-1', status: 'succeed' });
		createMany(5_000);
		expect(await search('shoe')).toEqual({ results: [], paginationToken: '11' });
		expect(pagesRead()).toHaveLength(10);
		const { results } = await search('shoe', '11');
		expect(results.map(({ value }) => value)).toEqual([wanted.task_id]);
	});

	it('finds nothing by the words of the list', async () => {
		createMany(1);
		expect(await search('Succeeded')).toEqual({ results: [] });
	});

	it('tells of an error as the node does', async () => {
		stage.kling.fault({ on: 'list', kind: 'error', code: 1101 });
		await expect(search()).rejects.toMatchObject({
			name: 'NodeApiError',
			message: 'Kling could not list the tasks: Account in arrears',
			description: expect.stringContaining('Recharge') as string,
		});
		stage.kling.fault({ on: 'list', kind: 'html', status: 200 });
		await expect(search()).rejects.toThrow("not Kling's JSON");
	});

	it('tells of a broken credential, and sends nothing', async () => {
		const klingApi = { ...stage.credentials.klingApi, accessKey: '' };
		const searching = stage.engine.listSearch('searchTasks', '', '', { credentials: { klingApi } });
		await expect(searching).rejects.toThrow('The Kling API credential has no Access Key');
		expect(stage.kling.requests).toEqual([]);
	});
});
