import type { INodeParameters } from 'n8n-workflow';
import { makeImage } from '../../../../../kling';
import type { NodeRunOptions } from '../../../../../support/engine';
import { useFastTime } from '../../../../../support/fastTime';
import { useStage } from '../../../../../support/stage';

useFastTime(20);

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const stage = useStage({ mode: 'manual' });
let base64: string;
let other: string;

beforeAll(async () => {
	base64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
	other = (await makeImage({ width: 320, height: 300, type: 'png' })).toString('base64');
});
beforeEach(() => stage.kling.reset());

type Create = Omit<NodeRunOptions, 'parameters'> & { parameters?: INodeParameters };

function create({ parameters, ...run }: Create = {}) {
	return stage.engine.runNode({
		...run,
		parameters: {
			operation: 'create',
			imageSource: 'base64',
			imageBase64: base64,
			waitForCompletion: false,
			downloadImages: false,
			output: 'task',
			...parameters,
		},
	});
}

function items(count: number) {
	return Array.from({ length: count }, (_, item) => ({ json: { item } }));
}

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
const CONTINUE = { onError: 'continueRegularOutput' } as const;

describe('what is sent and output', () => {
	it('the task comes out as Kling spells it, with what the user gave and nothing empty', async () => {
		const { kling } = stage;
		const callbackUrl = `${kling.baseUrl}/nobody`;
		const run = await create({
			parameters: { options: { callbackUrl, externalTaskId: ' order-1042 ' } },
		});
		expect(run.error).toBeUndefined();
		const sent = kling.requests.find(({ operation }) => operation === 'create');
		expect(Object.keys(sent?.body as object).sort()).toEqual([
			'callback_url',
			'element_frontal_image',
			'external_task_id',
		]);
		expect(kling.tasks[0]).toMatchObject({
			external_task_id: 'order-1042',
			callback_url: callbackUrl,
		});
		expect(run.items).toEqual([
			{
				json: expect.objectContaining({
					task_id: kling.tasks[0]?.task_id,
					task_status: 'submitted',
				}) as unknown,
				pairedItem: { item: 0 },
			},
		]);
		expect(run.items[0]?.json).not.toHaveProperty('reused');
	});

	it('empty options are not sent, and no id with the protection off', async () => {
		await create({
			parameters: { options: { callbackUrl: '', externalTaskId: ' ', reuseTaskOnRetry: false } },
		});
		const sent = stage.kling.requests.find(({ operation }) => operation === 'create');
		expect(Object.keys(sent?.body as object)).toEqual(['element_frontal_image']);
	});

	it('with waiting on, the finished task comes out, in the order of the items', async () => {
		const { kling } = stage;
		const running = create({
			items: items(3),
			parameters: { waitForCompletion: true, options: { pollInterval: 1 } },
		});
		await kling.until(() => kling.tasks.length === 3);
		for (const { task_id } of [...kling.tasks].reverse()) await kling.move(task_id, 'succeed');
		const run = await running;
		expect(
			run.items.map(({ json, pairedItem }) => [json.completed, json.task_status, pairedItem]),
		).toEqual([0, 1, 2].map((item) => [true, 'succeed', { item }]));
		expect(new Set(run.items.map(({ json }) => json.task_id)).size).toBe(3);
		expect(run.items[0]?.json.expires_at).toMatch(/^\d{4}-\d\d-\d\dT/);
	});

	it('a failed task is an error with its id and reason', async () => {
		const { kling } = stage;
		const running = create({
			parameters: { waitForCompletion: true, options: { pollInterval: 1 } },
		});
		await kling.until(() => kling.tasks.length === 1);
		const task_id = kling.tasks[0]?.task_id ?? '';
		await kling.move(task_id, 'failed', { task_status_msg: 'Image pixel is invalid' });
		const run = await running;
		expect(run.error?.message).toBe(`Task ${task_id} failed: Image pixel is invalid`);
		expect(run.error?.description).toContain('Fix the problem that Kling reports');
	});
});

describe('pay once', () => {
	it('Retry On Fail adopts what the first try has created', async () => {
		const { kling } = stage;
		const running = create({
			items: items(2),
			nodeSettings: RETRY,
			parameters: { waitForCompletion: true, options: { pollInterval: 1, timeout: 1 } },
		});
		await kling.until(() => kling.count('create') === 2);
		const run = await running;
		expect(run.error?.message).toContain('did not finish within 1 s');
		expect(kling.count('create')).toBe(2);
		expect(kling.counters.tasksCharged).toBe(2);
		const said = `${run.error?.message}\n${run.error?.description}`;
		for (const { task_id } of kling.tasks) expect(said).toContain(task_id);
	});

	it('a retry after a partly failed batch pays for the missing item alone', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 2 });
		const run = await create({
			items: items(4),
			nodeSettings: RETRY,
			parameters: { options: { maxConcurrent: 1 } },
		});
		expect(run.error).toBeUndefined();
		expect(run.items.map(({ json }) => json.reused)).toEqual(Array(4).fill(undefined));
		expect(kling.counters.tasksCharged).toBe(4);
		expect(kling.count('create')).toBe(5);
	});

	it('with the protection off, the same retry pays again', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
		await create({
			items: items(2),
			nodeSettings: RETRY,
			parameters: { options: { maxConcurrent: 1, reuseTaskOnRetry: false } },
		});
		expect(kling.counters.tasksCharged).toBe(3);
	});

	it.each([
		['timeouts and resets', { kind: 'drop', when: 'after' }],
		['5000', { kind: 'error', code: 5000, when: 'after' }],
		['5002', { kind: 'error', code: 5002, when: 'after' }],
		['502', { kind: 'html', status: 502, when: 'after' }],
		['503', { kind: 'html', status: 503, when: 'after' }],
		['504', { kind: 'html', status: 504, when: 'after' }],
		['a page with HTTP 200', { kind: 'html', status: 200, when: 'after' }],
		['{}', { kind: 'empty', when: 'after' }],
		['no data', { kind: 'noData' }],
		['half the JSON', { kind: 'truncated' }],
		['a lost connection half way', { kind: 'cut' }],
		['wrong types', { kind: 'wrongTypes' }],
	] as const)(
		'after %s the task is looked up and adopted, not sent again',
		async (_name, fault) => {
			const { kling } = stage;
			kling.fault({ on: 'create', ...fault });
			const run = await create();
			expect(run.error).toBeUndefined();
			expect(run.items[0]?.json.task_id).toBe(kling.tasks[0]?.task_id);
			// It was charged, if only by the create whose answer was lost.
			expect(run.items[0]?.json).not.toHaveProperty('reused');
			expect(kling.count('create')).toBe(1);
		},
	);

	it('an id of the node is the same within one execution, and for nothing else', async () => {
		const { kling } = stage;
		const ids = async (options: Create) => {
			await create(options);
			return kling.tasks.at(-1)?.external_task_id;
		};
		const first = await ids({ executionId: 'execution-1' });
		expect(first).toMatch(/^n8n-[\w-]{43}$/);
		expect(await ids({ executionId: 'execution-1' })).toBe(first);
		expect(kling.counters.tasksCharged).toBe(1);
		expect(await ids({ executionId: 'execution-2' })).not.toBe(first);
		// An expression that changes between two tries makes no second task.
		expect(await ids({ executionId: 'execution-1', parameters: { imageBase64: other } })).not.toBe(
			first,
		);
		expect(kling.counters.tasksCharged).toBe(2);
	});

	it('as a tool, one run index or another is the same task, and another image is another', async () => {
		const { kling } = stage;
		const call = async (imageBase64: string) =>
			await create({
				executionId: 'tool-1',
				asTool: 'classic',
				parameters: { imageBase64 },
				items: items(1),
			});
		await call(base64);
		await call(base64);
		expect(kling.counters.tasksCharged).toBe(1);
		await call(other);
		expect(kling.counters.tasksCharged).toBe(2);
	});

	it('without an id an answer that is lost is an error, never a second create', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'drop', when: 'after' });
		const run = await create({ parameters: { options: { reuseTaskOnRetry: false } } });
		expect(run.error?.description).toContain('may have been created and charged');
		expect(run.error?.description).toContain('List Tasks');
		expect(kling.count('create')).toBe(1);
	});

	it('a refusal before the task is made says that nothing was charged', async () => {
		stage.kling.fault({ on: 'create', kind: 'error', code: 1301 });
		const run = await create();
		expect(run.error?.description).toContain('Nothing was created or charged for this item.');
	});
});

describe("an id of the user's", () => {
	let count = 0;
	let external_task_id: string;
	let own: INodeParameters;

	// This process remembers ids that it has used.
	beforeEach(() => {
		external_task_id = `order-${count++}`;
		own = { options: { externalTaskId: external_task_id } };
	});

	it('is reused in another execution, also when Kling would not refuse it', async () => {
		const { kling } = stage;
		kling.switches.externalIdsUnique = false;
		const first = await create({ parameters: own });
		const second = await create({ parameters: own });
		expect(second.items[0]?.json).toMatchObject({
			task_id: first.items[0]?.json.task_id,
			reused: true,
		});
		expect(kling.count('create')).toBe(1);
	});

	it('is reused where the lookup does not work, by the refusal and the list', async () => {
		const { kling } = stage;
		kling.switches.lookupByExternalId = false;
		const first = await create({ parameters: own });
		await kling.move(String(first.items[0]?.json.task_id), 'succeed');
		const second = await create({ parameters: own });
		expect(second.items[0]?.json).toMatchObject({
			task_id: first.items[0]?.json.task_id,
			reused: true,
		});
		expect(kling.counters.tasksCharged).toBe(1);
	});

	it('that exists is an error where the user says so, and nothing is sent', async () => {
		const { kling } = stage;
		const { task_id } = kling.createTask({ external_task_id, status: 'processing' });
		const run = await create({
			parameters: { options: { externalTaskId: external_task_id, ifExternalIdExists: 'error' } },
		});
		expect(run.error?.message).toBe(
			`External Task ID "${external_task_id}" already belongs to task ${task_id}`,
		);
		expect(run.error?.description).toContain('"processing"');
		expect(kling.count('create')).toBe(0);
	});

	it('is no error for the task that a lost answer of the same execution has made', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'drop', when: 'after' });
		const run = await create({
			parameters: { options: { externalTaskId: external_task_id, ifExternalIdExists: 'error' } },
		});
		expect(run.error).toBeUndefined();
		expect(kling.count('create')).toBe(1);
	});

	it('whose images were deleted is an error', async () => {
		const { kling } = stage;
		const long = Date.now() - 31 * DAY_MS;
		kling.createTask({
			external_task_id,
			status: 'succeed',
			created_at: long,
			updated_at: long,
		});
		const run = await create({ parameters: own });
		expect(run.error?.message).toContain('its images were deleted');
		expect(kling.count('create')).toBe(0);
	});

	it.each([
		[30 * 60 * 1000, 0],
		[5 * HOUR_MS, 1],
	])('on a task made %i ms ago gives %i hints', async (age, hints) => {
		const made = Date.now() - age;
		stage.kling.createTask({
			external_task_id,
			status: 'succeed',
			created_at: made,
			updated_at: made,
		});
		const run = await create({ parameters: own });
		const said = run.hints.filter(({ message }) => message.includes('h ago'));
		expect(said).toHaveLength(hints);
		if (hints > 0) expect(said[0]?.message).toContain('5 h ago');
	});
});

describe('refused before paying', () => {
	it('one bad item among good ones: nothing is sent', async () => {
		const run = await create({
			items: items(3),
			parameters: { imageBase64: `={{ $json.item === 2 ? 'AAAA' : '${base64}' }}` },
		});
		expect(run.error?.message).toContain('is not a JPEG or PNG');
		expect(run.error?.context.itemIndex).toBe(2);
		expect(stage.kling.requests).toHaveLength(0);
	});

	it('with Continue On Fail the good ones are made, and each keeps its place', async () => {
		const run = await create({
			items: items(3),
			nodeSettings: CONTINUE,
			parameters: { imageBase64: `={{ $json.item === 1 ? 'AAAA' : '${base64}' }}` },
		});
		expect(run.items.map(({ json }) => typeof json.task_id)).toEqual([
			'string',
			'undefined',
			'string',
		]);
		expect(run.items[1]?.json.error).toContain('is not a JPEG or PNG');
		expect(stage.kling.counters.tasksCharged).toBe(2);
	});

	it.each([
		[{ maxConcurrent: 0 }, 'Max Concurrent must be between 1 and 100, got 0'],
		[{ maxConcurrent: 'many' }, 'Max Concurrent must be between 1 and 100, got "many"'],
		[{ capacityTimeout: -1 }, 'Capacity Timeout must be between 0 and 86,400 seconds, got -1'],
		[{ maxNewTasks: -1 }, 'Max New Tasks must be between 0 and 1,000,000, got -1'],
		// Not 0, that is, no limit.
		[{ maxNewTasks: '' }, 'Max New Tasks must be between 0 and 1,000,000, got ""'],
		[
			{ maxNewTasks: '={{ $json.none }}' },
			'Max New Tasks must be between 0 and 1,000,000, got undefined',
		],
		[{ maxNewTasks: ' ' }, 'Max New Tasks must be between 0 and 1,000,000, got " "'],
		[{ maxNewTasks: '={{ [] }}' }, 'Max New Tasks must be between 0 and 1,000,000, got []'],
		[{ maxNewTasks: '={{ null }}' }, 'Max New Tasks must be between 0 and 1,000,000, got null'],
		[{ callbackUrl: 'http://localhost.example/hook' }, 'Callback URL must begin with https:'],
		[
			{ callbackUrl: 'https://10.0.0.8/hook' },
			'Callback URL cannot be used: 10.0.0.8 is not a public address',
		],
		[
			{ callbackUrl: 'https://localhost/hook' },
			"Callback URL cannot be used: localhost is n8n's own machine",
		],
		[{ callbackUrl: 'hook' }, 'Callback URL must begin with https://, got "hook"'],
		[{ callbackUrl: { a: 1 } }, 'Callback URL must be text'],
		[{ externalTaskId: ['a'] }, 'External Task ID must be text'],
		[{ externalTaskId: '..' }, 'External Task ID cannot be used in a URL'],
		[{ externalTaskId: 'a\uD800' }, 'External Task ID cannot be used in a URL'],
	])('options %j', async (options, message) => {
		const run = await create({
			parameters: { options },
			credentials: {
				klingApi: { ...stage.credentials.klingApi, baseUrl: 'https://kling.example.test' },
			},
		});
		expect(run.error?.message).toContain(message);
		expect(stage.kling.requests).toHaveLength(0);
	});
});

describe('a fatal error', () => {
	it.each([1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304])(
		'%i sends no further create, and the error names what was made',
		async (code) => {
			const { kling } = stage;
			kling.fault({ on: 'create', kind: 'error', code, skip: 1, times: Infinity });
			const run = await create({ items: items(5), parameters: { options: { maxConcurrent: 1 } } });
			const resigned = code === 1003 || code === 1004 ? 1 : 0;
			expect(kling.count('create')).toBe(2 + resigned);
			expect(run.error?.description).toContain(`Kling code: ${code}`);
			const [first] = kling.tasks;
			expect(run.error?.description).toContain(
				`Item 0: created and charged (${first?.task_id}).\nItems 2, 3, 4: nothing created or charged.`,
			);
			// What was charged comes before the line with the code.
			expect(run.error?.description?.split('\n').at(-1)).toMatch(/^Kling code: .*Request ID: /);
			expect(run.error?.context.itemIndex).toBe(1);
		},
	);

	it('with Continue On Fail the items say what was made and what was not sent', async () => {
		const { kling } = stage;
		kling.fault({ on: 'create', kind: 'error', code: 1102, skip: 1, times: Infinity });
		const run = await create({
			items: items(4),
			nodeSettings: CONTINUE,
			parameters: { options: { maxConcurrent: 1 } },
		});
		expect(kling.count('create')).toBe(2);
		expect(run.items[0]?.json.task_id).toBe(kling.tasks[0]?.task_id);
		expect(run.items.slice(2).map(({ json }) => String(json.error).split(':')[0])).toEqual(
			Array(2).fill('Not sent'),
		);
	});

	it('an error of one item alone lets the others be made under Continue On Fail', async () => {
		stage.kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
		const run = await create({
			items: items(3),
			nodeSettings: CONTINUE,
			parameters: { options: { maxConcurrent: 1 } },
		});
		expect(run.items.filter(({ json }) => json.task_id)).toHaveLength(2);
	});

	it('without Continue On Fail the first error of any item ends the sending', async () => {
		stage.kling.fault({ on: 'create', kind: 'error', code: 1301, skip: 1 });
		await create({ items: items(5), parameters: { options: { maxConcurrent: 1 } } });
		expect(stage.kling.count('create')).toBe(2);
	});
});
