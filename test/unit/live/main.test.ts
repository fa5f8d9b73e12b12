import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { startKling, type Kling, type Switches } from '../../kling';
import { live as startLive } from '../../../tools/live/main';
import { freePort } from '../../support/n8n';
import { PACKAGE_FOLDER } from '../package/pack';

let kling: Kling;
beforeAll(async () => {
	kling = await startKling();
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const environment = () => ({
	KLING_ACCESS_KEY: kling.accessKey,
	KLING_SECRET_KEY: kling.secretKey,
	KLING_BASE_URL: kling.baseUrl,
});

interface Run {
	code: number;
	text: string;
	/** The table's lines that begin with `[R] held` or so. */
	lines: string[];
}

async function run(flags: string[], keys: NodeJS.ProcessEnv = environment()): Promise<Run> {
	const said: string[] = [];
	const live = startLive(flags, keys, (line) => said.push(line), 20);
	await moveAlong(live);
	const code = await live;
	const text = said.join('\n');
	return { code, text, lines: text.split('\n').filter((line) => /^\[[OGR]\] /.test(line)) };
}

/** The task gets further whenever it was looked at. */
async function moveAlong(live: Promise<number>): Promise<void> {
	let over = false;
	void live.then(() => (over = true));
	for (const status of ['processing', 'succeed'] as const) {
		const before = kling.count('get');
		const made = () => kling.tasks.find(({ charged }) => charged);
		await kling.until(() => over || (made() !== undefined && kling.count('get') > before + 3));
		const task = made();
		if (over || task === undefined) return;
		await kling.move(task.task_id, status);
	}
}

const rows = (lines: string[], verdict: string) =>
	lines.filter((line) => line.startsWith(verdict, '[R] '.length));

it.each([
	['without --spend', [], true, '--spend agrees to the price'],
	['with --spend-twice alone', ['--spend-twice'], true, '--spend agrees to the price'],
	['without keys', ['--spend'], false, 'needs KLING_ACCESS_KEY and KLING_SECRET_KEY'],
	['with a flag that is not known', ['--spent'], true, 'Unknown option'],
])('%s it explains itself, and sends nothing', async (_case, flags, hasKeys, reason) => {
	const { code, text } = await run(flags, hasKeys ? environment() : {});

	expect(code).toBe(2);
	expect(text).toContain(reason);
	expect(text).toContain('about $0.07');
	expect(kling.requests).toHaveLength(0);
});

it('the command ends with that code', async () => {
	const command = promisify(execFile)(process.execPath, ['--import', 'tsx', 'tools/live/main.ts'], {
		cwd: PACKAGE_FOLDER,
		env: { ...process.env, ...environment() },
	});

	await expect(command).rejects.toMatchObject({ code: 2 });
	expect(kling.requests).toHaveLength(0);
});

it('keys go over https, or to this machine', async () => {
	const { code, text } = await run(['--spend'], {
		...environment(),
		KLING_BASE_URL: 'http://kling.example',
	});

	expect([code, text.split('\n')[0]]).toEqual([2, 'KLING_BASE_URL must begin with https://']);
});

it('one task, and each fact holds that could be seen', async () => {
	kling.createTask({ status: 'succeed', created_at: Date.now() - 60_000 });
	const { code, text, lines } = await run(['--spend']);

	expect(code).toBe(0);
	expect(kling.count('create')).toBe(1);
	expect(rows(lines, 'DID NOT HOLD')).toEqual([]);
	expect(rows(lines, 'not seen')).toEqual([
		expect.stringContaining('a second create with the same external id'),
		expect.stringContaining('and makes no second task'),
		expect.stringContaining('a callback comes'),
		expect.stringContaining('callbacks carry the task'),
	]);
	expect(text).toContain(`Task ${kling.tasks[1]?.task_id}`);
	expect(kling.counters.authorizedViews).toBe(0);
});

it('refused keys: nothing is made, and no key is printed', async () => {
	kling.fault({
		on: 'list',
		kind: 'error',
		code: 1000,
		message: `${kling.accessKey} ${kling.secretKey}`,
	});
	const { code, text } = await run(['--spend']);

	expect(code).toBe(1);
	expect(text).toContain('Nothing was spent. Kling refuses: HTTP 401, code 1000: *** ***');
	expect(kling.count('create')).toBe(0);
});

it('a lost answer to the create is not sent again', async () => {
	kling.fault({ on: 'create', kind: 'drop', when: 'after' });
	const { code, text } = await run(['--spend']);

	expect([code, kling.count('create')]).toEqual([1, 1]);
	expect(text).toContain(`external id ${kling.tasks[0]?.external_task_id}`);
});

const OPPOSITES: Array<[Partial<Switches>, string]> = [
	[{ errorsCarryNullData: true }, 'errors carry no data'],
	[{ errorsWithHttp200: true }, 'errors do not come with HTTP 200'],
	[{ unknownTask: 404 }, 'an unknown task is 400 / 1201'],
	[{ taskInfo: 'always' }, 'task_info is {} while'],
	[{ taskInfo: 'empty' }, 'a finished task tells its external id'],
	[{ lookupByExternalId: false }, 'found by its external id'],
	[{ listOrder: 'oldestFirst' }, 'newest first'],
	[{ successWord: 'succeeded' }, 'success is called succeed'],
	[{ imageShape: 'flat' }, 'three sets of url_1'],
	[{ viewLifetimeMs: 86_400_000 }, 'and expire 30 days'],
];

it.each(OPPOSITES)('%j: the table says so', async (switches, words) => {
	Object.assign(kling.switches, switches);
	kling.createTask({ status: 'succeed', created_at: Date.now() - 60_000 });
	const { lines } = await run(['--spend']);

	expect(rows(lines, 'DID NOT HOLD')).toContainEqual(expect.stringContaining(words));
});

it('images that need no signature, and are none', async () => {
	kling.fault({ on: 'view', kind: 'body', body: 'not an image', times: Infinity });
	const { lines } = await run(['--spend']);

	expect(rows(lines, 'DID NOT HOLD')).toEqual([
		expect.stringContaining('image URLs are signed'),
		expect.stringContaining('a plain GET without Authorization gives the image'),
	]);
});

it.each([
	['real', 'held'],
	['documented', 'DID NOT HOLD'],
] as const)('callbacks with the %s body', async (callbackBody, verdict) => {
	kling.switches.callbackBody = callbackBody;
	const port = String(await freePort());
	const to = ['--callback-url', `http://127.0.0.1:${port}/`, '--callback-port', port];
	const { lines } = await run(['--spend', ...to]);

	expect(rows(lines, 'held')).toContainEqual(expect.stringContaining('a callback comes'));
	expect(rows(lines, verdict)).toContainEqual(expect.stringContaining('callbacks carry the task'));
});

it('an answer that is missed while the task runs ends nothing', async () => {
	kling.fault({ on: 'get', kind: 'html', skip: 1 });
	kling.fault({ on: 'get', kind: 'drop', skip: 3 });

	expect((await run(['--spend'])).code).toBe(0);
});

it('an absent deduction is not seen', async () => {
	kling.switches.unitDeduction = false;
	const { lines } = await run(['--spend']);

	expect(rows(lines, 'not seen')).toContainEqual(expect.stringContaining('took 20 units'));
});

it.each([
	[true, 1, 'held'],
	[false, 2, 'DID NOT HOLD'],
])('--spend-twice, external ids unique: %s', async (externalIdsUnique, charged, verdict) => {
	kling.switches.externalIdsUnique = externalIdsUnique;
	const { lines } = await run(['--spend', '--spend-twice']);

	expect(kling.counters.tasksCharged).toBe(charged);
	expect(rows(lines, verdict)).toEqual(
		expect.arrayContaining([
			expect.stringContaining('a second create with the same external id'),
			expect.stringContaining('and makes no second task'),
		]),
	);
});
