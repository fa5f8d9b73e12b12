import axios from 'axios';
import { ERROR_CODES, makeImage, startKling, type Fault, type Kling } from '../../kling';
import { create, dataOf, get } from './client';

let kling: Kling;
let image: string;
beforeAll(async () => {
	kling = await startKling();
	image = (await makeImage({ width: 300, height: 300 })).toString('base64');
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const make = async (external_task_id?: string) =>
	await create(kling, {
		element_frontal_image: image,
		...(external_task_id ? { external_task_id } : {}),
	});

describe('on a create, before or after the task is made', () => {
	it.each(['before', 'after'] as const)('the connection is dropped %s', async (when) => {
		const fault = kling.fault({ on: 'create', kind: 'drop', when });
		await expect(make()).rejects.toThrow(/socket hang up|ECONNRESET/);
		expect(kling.tasks).toHaveLength(when === 'after' ? 1 : 0);
		expect(kling.requests[0]).toMatchObject({ operation: 'create', status: 0, fault: 'drop' });
		expect(dataOf(await make()).task_status).toBe('submitted');
		expect(fault.hits).toBe(1);
	});

	it.each(['before', 'after'] as const)('an error comes %s', async (when) => {
		kling.fault({ on: 'create', kind: 'error', code: 5002, when });
		expect((await make()).status).toBe(504);
		expect(kling.tasks).toHaveLength(when === 'after' ? 1 : 0);
	});
});

const STATUSES: Record<number, number[]> = {
	400: [1200, 1201, 1300, 1301],
	401: [1000, 1001, 1002, 1003, 1004],
	403: [1103],
	404: [1202, 1203],
	429: [1100, 1101, 1102, 1302, 1303, 1304],
	500: [5000],
	503: [5001],
	504: [5002],
};

it('every documented code, with its status', async () => {
	for (const [code, { message }] of Object.entries(ERROR_CODES)) {
		const status = Number(
			Object.entries(STATUSES).find(([, codes]) => codes.includes(Number(code)))?.[0],
		);
		kling.fault({ on: 'list', kind: 'error', code: Number(code) });
		const answer = await get(kling, '');
		expect(answer.status).toBe(status);
		expect(answer.body).toEqual({
			code: Number(code),
			message,
			request_id: expect.any(String) as string,
		});
		expect(kling.requests.at(-1)).toMatchObject({ status, code: Number(code) });
	}
	expect(Object.keys(ERROR_CODES)).toHaveLength(21);
});

it.each<[string, Omit<Fault, 'on'>, number, unknown]>([
	[
		'any status',
		{ kind: 'error', code: 1302, status: 200, message: 'slow' },
		200,
		expect.objectContaining({ code: 1302, message: 'slow' }),
	],
	['a page', { kind: 'html' }, 502, expect.stringContaining('<html>')],
	['a page with 200', { kind: 'html', status: 200 }, 200, expect.stringContaining('<html>')],
	['{}', { kind: 'empty' }, 200, {}],
	[
		'no data',
		{ kind: 'noData' },
		200,
		{ code: 0, message: 'SUCCEED', request_id: expect.any(String) as string },
	],
	[
		'wrong types',
		{ kind: 'wrongTypes' },
		200,
		expect.objectContaining({ code: 0, data: { list: 'none' } }),
	],
	['half the JSON', { kind: 'truncated' }, 200, expect.stringMatching(/^\{"code":0[^}]*$/)],
	['a given body', { kind: 'body', body: [null], status: 203 }, 203, [null]],
	['given text', { kind: 'body', body: 'nonsense' }, 200, 'nonsense'],
])('%s', async (_name, fault, status, body) => {
	kling.fault({ on: 'any', ...fault });
	const answer = await get(kling, '');
	expect(answer.status).toBe(status);
	expect(answer.body).toEqual(body);
	expect((await get(kling, '')).body.code).toBe(0);
});

it('Retry-After and redirects', async () => {
	kling.fault({ on: 'list', kind: 'error', code: 1302, retryAfter: 3 });
	expect((await get(kling, '')).headers['retry-after']).toBe('3');
	kling.fault({ on: 'list', kind: 'redirect', location: 'http://127.0.0.1:1/there' });
	const { status, headers } = await get(kling, '');
	expect([status, headers.location]).toEqual([302, 'http://127.0.0.1:1/there']);
});

it('slow, beside another fault; cut; huge', async () => {
	kling.fault({ on: 'list', kind: 'slow', delayMs: 50 });
	kling.fault({ on: 'list', kind: 'empty' });
	const before = Date.now();
	expect((await get(kling, '')).body).toEqual({});
	expect(Date.now() - before).toBeGreaterThanOrEqual(48);
	expect(kling.requests.at(-1)?.ms).toBeGreaterThanOrEqual(48);
	kling.fault({ on: 'list', kind: 'cut' });
	await expect(get(kling, '')).rejects.toThrow();
	kling.fault({ on: 'list', kind: 'huge', bytes: 3_000_000 });
	expect((await get(kling, '')).body).toHaveLength(3_000_000);
});

it('a create that is slow after its effect has made the task already', async () => {
	kling.fault({ on: 'create', kind: 'slow', delayMs: 250, when: 'after' });
	const answer = make();
	await kling.until(() => kling.tasks.length === 1, 1000);
	expect(kling.requests[0]).toMatchObject({ status: 0, ms: -1 });
	expect(dataOf(await answer).task_id).toBe(kling.tasks[0]?.task_id);
});

describe('aimed', () => {
	const codes = async (paths: string[]) => {
		const found: number[] = [];
		for (const path of paths) found.push((await get(kling, path)).body.code);
		return found;
	};

	it('at an operation, so often, after so many, until removed', async () => {
		const fault = kling.fault({
			on: ['get', 'list'],
			kind: 'error',
			code: 5000,
			skip: 1,
			times: 2,
		});
		const { task_id } = kling.createTask();
		expect((await make()).body.code).toBe(0);
		expect(await codes(['', `/${task_id}`, '', ''])).toEqual([0, 5000, 5000, 0]);
		const other = kling.fault({ on: 'list', kind: 'error', times: Infinity });
		expect(await codes(['', ''])).toEqual([5000, 5000]);
		other.remove();
		expect(await codes([''])).toEqual([0]);
		expect([fault.hits, other.hits]).toEqual([2, 2]);
	});

	it('at a task, by either id', async () => {
		const [one, two] = [kling.createTask({ external_task_id: 'one' }), kling.createTask()];
		kling.fault({ on: 'get', kind: 'error', task_id: one.task_id, times: 9 });
		kling.fault({ on: 'create', kind: 'error', external_task_id: 'three' });
		expect(await codes([`/${one.task_id}`, '/one', `/${two.task_id}`])).toEqual([5000, 5000, 0]);
		expect((await make('four')).body.code).toBe(0);
		expect((await make('three')).body.code).toBe(5000);
	});

	it('at anything but served files', async () => {
		const fault = kling.fault({ on: 'any', kind: 'error', times: 9 });
		const url = kling.imageUrl(await makeImage({ width: 300, height: 300 }));
		expect((await axios.get(url)).status).toBe(200);
		expect(await codes(['', '/1'])).toEqual([5000, 5000]);
		expect(fault.hits).toBe(2);
	});

	it('by what the request says', async () => {
		kling.fault({ on: 'list', kind: 'error', matching: ({ query }) => query.pageNum === '2' });
		expect(await codes(['?pageNum=1', '?pageNum=2'])).toEqual([0, 5000]);
	});

	it('by chance, the same chance for the same seed', async () => {
		const run = async (seed: number) => {
			const fault = kling.fault({ on: 'list', kind: 'error', probability: 0.4, seed });
			const found = await codes(Array<string>(40).fill(''));
			fault.remove();
			return found.map((code) => (code ? 'x' : '-')).join('');
		};
		const first = await run(7);
		expect(await run(7)).toBe(first);
		expect(await run(8)).not.toBe(first);
		expect(first.split('x').length).toBeGreaterThan(8);
		expect(first.split('x').length).toBeLessThan(26);
	});
});
