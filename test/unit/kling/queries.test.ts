import { startKling, type Kling, type TaskStatus } from '../../kling';
import getAnswer from '../../fixtures/get-answer.json';
import { call, dataOf, get, type Seen } from './client';

let kling: Kling;
beforeAll(async () => {
	kling = await startKling();
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const listed = async (query = '') => dataOf(await get(kling, query)) as unknown as Seen[];
const ids = async (query = '') => (await listed(query)).map((task) => task.task_id);
const finished = (external_task_id?: string) =>
	kling.createTask({ status: 'succeed', ...(external_task_id ? { external_task_id } : {}) });

describe('get', () => {
	it('a finished task has every field of the documented answer', async () => {
		const task = finished('order-4711');
		const answer = (await get(kling, `/${task.task_id}`)).body;
		const shape = (value: unknown): unknown =>
			value !== null && typeof value === 'object'
				? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]))
				: typeof value;
		expect(shape(answer)).toEqual(shape(getAnswer));
		expect(Object.keys(answer.data as object)).toEqual(Object.keys(getAnswer.data));
	});

	it.each<TaskStatus>(['submitted', 'processing'])('%s: no result, no info', async (status) => {
		const task = kling.createTask({ status, external_task_id: 'a' });
		const seen = dataOf(await get(kling, `/${task.task_id}`));
		expect(seen).toEqual({
			task_id: task.task_id,
			task_status: status,
			task_status_msg: '',
			task_info: {},
			task_result: {},
			created_at: task.created_at,
			updated_at: task.updated_at,
		});
	});

	it('a failed task says why', async () => {
		const { task_id, created_at } = kling.createTask({ created_at: Date.now() - 5000 });
		await kling.move(task_id, 'failed', { task_status_msg: 'content policy' });
		const seen = dataOf(await get(kling, `/${task_id}`));
		expect(seen).toMatchObject({ task_status: 'failed', task_status_msg: 'content policy' });
		expect(seen).not.toHaveProperty('final_unit_deduction');
		expect(seen.updated_at).toBeGreaterThan(created_at);
		await expect(kling.move(task_id, 'succeed')).rejects.toThrow('has ended');
	});

	it('by external id, encoded', async () => {
		const task = finished('a/b ü?%');
		const seen = dataOf(await get(kling, `/${encodeURIComponent('a/b ü?%')}`));
		expect(seen.task_id).toBe(task.task_id);
		kling.switches.lookupByExternalId = false;
		expect((await get(kling, `/${encodeURIComponent('a/b ü?%')}`)).body.code).toBe(1201);
	});

	it('an unknown task', async () => {
		const { status, body } = await get(kling, '/867283741759111202');
		expect(status).toBe(400);
		expect(body).toEqual({
			code: 1201,
			message: 'Task not found by id/external id: 867283741759111202',
			request_id: expect.any(String) as string,
		});
		kling.switches.unknownTask = 404;
		const other = await get(kling, '/867283741759111202');
		expect([other.status, other.body.code]).toEqual([404, 1203]);
	});

	it.each([
		['DELETE', '', 1202],
		['PUT', '/1', 1202],
		['POST', '/1', 1202],
		['GET', '/1/2', 1203],
		['GET', '-of-another', 1203],
	])('%s %s is %i', async (method, path, code) => {
		const { status, body } = await call(kling, method, path);
		expect([status, body.code]).toEqual([404, code]);
	});
});

describe('list', () => {
	it('newest first, also within a millisecond, in pages', async () => {
		const at = Date.now();
		const made = [3, 1, 2, 2].map((second) => kling.createTask({ created_at: at + second }));
		const expected = [made[0], made[3], made[2], made[1]].map((task) => task?.task_id);
		expect(await ids()).toEqual(expected);
		expect(await ids('?pageNum=1&pageSize=3')).toEqual(expected.slice(0, 3));
		expect(await ids('?pageNum=2&pageSize=3')).toEqual(expected.slice(3));
		expect(await ids('?pageNum=3&pageSize=3')).toEqual([]);
		kling.switches.listOrder = 'oldestFirst';
		expect(await ids()).toEqual([...expected].reverse());
	});

	it('thirty a page, five hundred at most', async () => {
		for (let count = 0; count < 501; count++) kling.createTask();
		expect(await ids()).toHaveLength(30);
		expect(await ids('?pageSize=500')).toHaveLength(500);
	});

	it.each(['pageNum=0', 'pageNum=1001', 'pageSize=0', 'pageSize=501', 'pageSize=ten'])(
		'%s is refused',
		async (query) => {
			const { status, body } = await get(kling, `?${query}`);
			expect([status, body.code]).toEqual([400, 1201]);
		},
	);
});

describe('switches', () => {
	it('images as {index, url}', async () => {
		kling.switches.imageShape = 'flat';
		const seen = dataOf(await get(kling, `/${finished().task_id}`));
		expect(seen.task_result?.images?.map((image) => Object.keys(image))).toEqual(
			Array(3).fill(['index', 'url']),
		);
	});

	it('succeeded', async () => {
		kling.switches.successWord = 'succeeded';
		finished();
		expect((await listed())[0]?.task_status).toBe('succeeded');
	});

	it('task_info always, empty, omitted', async () => {
		kling.createTask({ external_task_id: 'a' });
		finished('b');
		const infos = async () => (await listed()).map((task) => task.task_info);
		expect(await infos()).toEqual([{ external_task_id: 'b' }, {}]);
		kling.switches.taskInfo = 'always';
		expect(await infos()).toEqual([{ external_task_id: 'b' }, { external_task_id: 'a' }]);
		kling.switches.taskInfo = 'empty';
		expect(await infos()).toEqual([{}, {}]);
		kling.switches.taskInfo = 'omitted';
		expect(await infos()).toEqual([undefined, undefined]);
	});

	it('no task_result, no deduction', async () => {
		kling.switches.emptyResult = 'omitted';
		kling.switches.unitDeduction = false;
		kling.createTask();
		finished();
		const [done, running] = await listed();
		expect(running).not.toHaveProperty('task_result');
		expect(done?.task_result?.images).toHaveLength(3);
		expect(done).not.toHaveProperty('final_unit_deduction');
	});

	it('a new task is visible only later, one made elsewhere at once', async () => {
		kling.switches.getVisibleAfterMs = 20_000;
		kling.switches.listVisibleAfterMs = 40_000;
		const { task_id } = kling.createTask({ charged: true });
		const elsewhere = kling.createTask();
		const seen = async () => [(await get(kling, `/${task_id}`)).body.code, await ids()];
		expect(await seen()).toEqual([1201, [elsewhere.task_id]]);
		kling.clockOffsetMs += 20_000;
		expect(await seen()).toEqual([0, [elsewhere.task_id]]);
		kling.clockOffsetMs += 20_000;
		expect(await seen()).toEqual([0, [elsewhere.task_id, task_id]]);
	});

	it('queries that are behind', async () => {
		kling.switches.queryLagMs = 60_000;
		const { task_id, updated_at } = kling.createTask({ status: 'processing' });
		await kling.move(task_id, 'succeed');
		const behind = dataOf(await get(kling, `/${task_id}`));
		expect(behind).toMatchObject({ task_status: 'processing', updated_at });
		expect((await listed())[0]?.task_status).toBe('processing');
		kling.clockOffsetMs += 60_000;
		expect((await listed())[0]?.task_status).toBe('succeed');
	});

	it('errors with HTTP 200, and with null for data', async () => {
		kling.switches.errorsWithHttp200 = true;
		kling.switches.errorsCarryNullData = true;
		const { status, body } = await get(kling, '/1');
		expect([status, body.code, body.data]).toEqual([200, 1201, null]);
	});
});
