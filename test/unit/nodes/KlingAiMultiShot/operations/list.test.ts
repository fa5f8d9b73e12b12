import type { INodeParameters } from 'n8n-workflow';
import type { NewTask, RecordedRequest } from '../../../../kling';
import type { NodeRunOptions } from '../../../../support/engine/options';
import { useStage } from '../../../../support/stage';
import { told } from '../../shared/transport/told';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

const list = async (parameters: INodeParameters = {}, more: Partial<NodeRunOptions> = {}) =>
	await stage.engine.runNode({ parameters: { operation: 'list', ...parameters }, ...more });
const idsOf = ({ items }: Awaited<ReturnType<typeof list>>) =>
	items.map(({ json }) => json.task_id);
const NOON = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
/** One a minute, the last one at noon; oldest first. */
const make = (count: number, task: (index: number) => NewTask = () => ({})) =>
	Array.from({ length: count }, (_, index) => {
		const created_at = NOON - (count - 1 - index) * MINUTE;
		return stage.kling.createTask({ created_at, ...task(index) }).task_id;
	});
const pages = () =>
	stage.kling.requests.map(({ query }) => [query.pageNum, query.pageSize].join('/'));

it('gives each task as an item, newest first, paired with the input item', async () => {
	const [oldest = '', newest = ''] = make(2);
	await stage.kling.move(oldest, 'failed', { task_status_msg: 'No luck' });
	await stage.kling.move(newest, 'succeed');
	const run = await list();
	expect(run.items).toHaveLength(2);
	expect(run.items[0]).toMatchObject({
		json: { task_id: newest, task_status: 'succeed', expires_at: expect.any(String) as string },
		pairedItem: { item: 0 },
	});
	expect(run.items[1]?.json).toMatchObject({ task_id: oldest, task_status_msg: 'No luck' });
	expect(run.items[1]?.json).not.toHaveProperty('expires_at');
});

it('an account without tasks gives no items and no error', async () => {
	const run = await list({ returnAll: true });
	expect(run.items).toEqual([]);
	expect(run.status).toBe('success');
});

describe('how many', () => {
	it('50 by default, by one request of that size', async () => {
		const all = make(60);
		expect(idsOf(await list())).toEqual(all.reverse().slice(0, 50));
		expect(pages()).toEqual(['1/50']);
	});

	it.each([
		[1, 1, ['1/1']],
		[500, 500, ['1/500']],
		[501, 501, ['1/500', '2/500']],
		[5_000, 1_203, ['1/500', '2/500', '3/500']],
	])('a limit of %i', async (limit, expected, requests) => {
		const all = make(1_203);
		const ids = idsOf(await list({ limit }));
		expect(ids).toEqual(all.reverse().slice(0, expected));
		expect(pages()).toEqual(requests);
	});

	it('Return All goes on to the page that is not full', async () => {
		const all = make(1_000);
		expect(idsOf(await list({ returnAll: true }))).toEqual(all.reverse());
		expect(pages()).toEqual(['1/500', '2/500', '3/500']);
	});

	it.each([0, -1, 2.5, 'many', '', '={{ null }}', '={{ [1, 2] }}', '={{ [5] }}', '={{ true }}'])(
		'a limit of %j is refused before any request',
		async (limit) => {
			const run = await list({
				limit: typeof limit === 'string' && limit === '' ? '={{ "" }}' : limit,
			});
			const found =
				{
					many: '"many"',
					'': '""',
					'={{ null }}': 'null',
					'={{ [1, 2] }}': '[1,2]',
					'={{ [5] }}': '[5]',
					'={{ true }}': 'true',
				}[limit] ?? limit;
			expect(run.error?.message).toBe(`Limit must be a whole number of at least 1, got ${found}`);
			expect(run.error?.description).toBe('Change it, or turn Return All on.');
			expect(stage.kling.requests).toEqual([]);
		},
	);
});

describe('tasks created between two pages', () => {
	/** Called when a page is requested, before Kling answers. */
	const before = (pageNum: string, change: () => void) =>
		stage.kling.fault({
			on: 'list',
			kind: 'slow',
			matching: ({ query }: RecordedRequest) => {
				if (query.pageNum === pageNum) change();
				return false;
			},
		});

	it('move the pages: a task seen twice comes out once', async () => {
		const all = make(700);
		before('2', () => make(3));
		const ids = idsOf(await list({ returnAll: true }));
		expect(ids).toHaveLength(700);
		expect(ids).toEqual(all.reverse());
	});

	it('do not count towards the limit twice', async () => {
		const all = make(700);
		before('2', () => make(3));
		expect(idsOf(await list({ limit: 600 }))).toEqual(all.reverse().slice(0, 600));
	});

	it('what was seen last is what comes out', async () => {
		const all = make(501);
		const [repeated = ''] = all.slice(1);
		before('2', () => {
			void stage.kling.move(repeated, 'succeed');
			make(1);
		});
		const { items } = await list({ returnAll: true });
		const seen = items.filter(({ json }) => json.task_id === repeated);
		expect(seen.map(({ json }) => json.task_status)).toEqual(['succeed']);
	});
});

describe('filtered by status', () => {
	const statuses = ['succeed', 'failed', 'processing', 'submitted'] as const;
	beforeEach(() => make(8, (index) => ({ status: statuses[index % 4] ?? 'failed' })));

	it.each([
		[['failed'], 2],
		[['succeed', 'processing'], 4],
		[[...statuses], 8],
		[[], 8],
		['failed', 2],
		[['succeeded'], 2],
		['', 8],
	])('%j', async (wanted, expected) => {
		const { items } = await list({ filters: { statuses: wanted } });
		expect(items).toHaveLength(expected);
		const found = new Set(items.map(({ json }) => json.task_status));
		if (expected === 2) expect(found.size).toBe(1);
	});

	it('the other word for success is found, too', async () => {
		stage.kling.switches.successWord = 'succeeded';
		const { items } = await list({ filters: { statuses: ['succeed'] } });
		expect(items.map(({ json }) => json.task_status)).toEqual(['succeed', 'succeed']);
	});
});

it('the limit counts after filtering', async () => {
	// The last 600 do not fit.
	const all = make(620, (index) => ({ status: index < 20 ? 'failed' : 'succeed' }));
	const ids = idsOf(await list({ limit: 5, filters: { statuses: ['failed'] } }));
	expect(ids).toEqual(all.slice(15, 20).reverse());
	expect(pages()).toEqual(['1/500', '2/500']);
});

describe('filtered by time', () => {
	const after = async (createdAfter: unknown, more: Partial<NodeRunOptions> = {}) =>
		await list({ returnAll: true, filters: { createdAfter: createdAfter as string } }, more);

	it.each<[string, unknown]>([
		['UTC', '2026-11-22T11:58:00Z'],
		['an offset', '2026-11-22T12:58:00+01:00'],
		["Kling's milliseconds", NOON - 2 * MINUTE],
		["Kling's milliseconds as text", String(NOON - 2 * MINUTE)],
		['the time of an e-mail', 'Sun, 22 Nov 2026 11:58:00 GMT'],
		['an expression', "={{ DateTime.fromISO('2026-11-22T11:58:00Z') }}"],
		['a date of JavaScript', "={{ new Date('2026-11-22T11:58:00Z') }}"],
	])('in %s; that very moment counts', async (_name, createdAfter) => {
		const all = make(10);
		expect(idsOf(await after(createdAfter))).toEqual(all.slice(-3).reverse());
	});

	it.each([
		['America/New_York', '2026-11-22T06:58:00'],
		['Asia/Tokyo', '2026-11-22T20:58:00'],
		['Asia/Tokyo', '2026-11-22 20:58'],
	])("without a time zone the workflow's is meant: %s", async (timezone, createdAfter) => {
		const all = make(10);
		const run = await after(createdAfter, { workflow: { settings: { timezone } } });
		expect(idsOf(run)).toEqual(all.slice(-3).reverse());
	});

	it.each([
		'yesterday',
		'order-12',
		'12',
		'2026-13-45',
		'2026-11-22T25:00:00',
		'={{ true }}',
		'={{ { a: 1 } }}',
		'={{ 5 }}',
	])('%j is refused before any request', async (createdAfter) => {
		const run = await after(createdAfter);
		expect(run.error?.message).toMatch(/^Created After is not a time: /);
		expect(run.error?.description).toContain('2026-11-22T08:00:00');
		expect(stage.kling.requests).toEqual([]);
	});

	it('an empty time is none', async () => {
		make(3);
		expect((await after('')).items).toHaveLength(3);
	});

	it('paging stops once a whole page is older', async () => {
		make(1_600);
		const { items } = await after(new Date(NOON - 600 * MINUTE).toISOString());
		expect(items).toHaveLength(601);
		// The second page holds the last that fit; the third is wholly older.
		expect(pages()).toEqual(['1/500', '2/500', '3/500']);
	});

	it('in a list that runs from old to new, a whole older page does not end it', async () => {
		stage.kling.switches.listOrder = 'oldestFirst';
		const all = make(1_200);
		const run = await after(new Date(NOON - 2 * MINUTE).toISOString());
		expect(idsOf(run)).toEqual(all.slice(-3));
	});

	it('both filters hold, before the limit', async () => {
		const all = make(20, (index) => ({ status: index % 2 ? 'failed' : 'succeed' }));
		const run = await list({
			limit: 2,
			filters: { statuses: ['failed'], createdAfter: '2026-11-22T11:50:00Z' },
		});
		expect(idsOf(run)).toEqual([all[19], all[17]]);
	});
});

describe('several items', () => {
	it('each lists by its own parameters, in order', async () => {
		const [failed = '', succeeded = ''] = make(2, (index) => ({
			status: index ? 'succeed' : 'failed',
		}));
		const run = await list(
			{ filters: { statuses: '={{ $json.statuses }}' } },
			{
				items: [['failed'], ['processing'], ['succeed']].map((statuses) => ({
					json: { statuses },
				})),
			},
		);
		expect(run.items.map(({ json, pairedItem }) => [json.task_id, pairedItem])).toEqual([
			[failed, { item: 0 }],
			[succeeded, { item: 2 }],
		]);
	});

	it('with Continue On Fail a refused item and a failed request are items of their own', async () => {
		const [only] = make(1);
		const run = await list(
			{ limit: '={{ $json.limit }}' },
			{
				items: [0, 7, 9].map((limit) => ({ json: { limit } })),
				nodeSettings: { onError: 'continueRegularOutput' },
			},
		);
		stage.kling.fault({ on: 'list', kind: 'error', code: 1103 });
		expect(run.items.map(({ json }) => json.error ?? json.task_id)).toEqual([
			'Limit must be a whole number of at least 1, got 0',
			only,
			only,
		]);
		const failed = await list({}, { nodeSettings: { onError: 'continueRegularOutput' } });
		expect(failed.items[0]?.json).toEqual({
			error: 'Kling could not list the tasks: No right to this API or model',
			details: expect.stringMatching(
				/^Check in the Kling console.*\nKling code: 1103 .* · HTTP status: 403 · Request ID: /,
			) as string,
		});
	});
});

it('an error on a later page is an error of the whole', async () => {
	make(501);
	stage.kling.fault({
		on: 'list',
		kind: 'error',
		code: 1103,
		matching: ({ query }) => query.pageNum === '2',
	});
	const run = await list({ returnAll: true });
	expect(told(run)).toContain('Kling could not list the tasks: No right');
	expect(run.items).toEqual([]);
});
