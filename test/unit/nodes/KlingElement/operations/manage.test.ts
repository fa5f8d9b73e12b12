import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { runElement } from '../stage';

useFastTime(20);

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

/** An element that is there, by its id and its task's. */
function anElement(given: Parameters<typeof stage.kling.createElement>[0] = {}) {
	const { task_id } = stage.kling.createElement(given);
	const element_id = stage.kling.elements.at(-1)?.element_id ?? '';
	return { task_id, element_id };
}

const remove = async (element_id: unknown) =>
	await runElement(
		stage,
		{ operation: 'delete' },
		{ items: [{ json: { element_id } as { element_id: string } }] },
	);

it('the digits of an id above 2^53 survive get, list, delete', async () => {
	const { task_id, element_id } = anElement({ external_task_id: 'robot-1' });
	expect(Number(element_id)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
	expect(String(Number(element_id))).not.toBe(element_id);

	const items = [{ json: { task_id } }];
	const got = await runElement(stage, { operation: 'get' }, { items });
	const listed = await runElement(stage, { operation: 'list' });
	const deleted = await remove(got.items[0]?.json.element_id);

	for (const run of [got, listed])
		expect(run.items[0]?.json).toMatchObject({
			element_id,
			task_id,
			external_task_id: 'robot-1',
			element_name: 'Robot',
			status: 'succeed',
		});
	expect(deleted.items[0]?.json).toEqual({ element_id, deleted: true, already_deleted: false });
	const request = stage.kling.requests.find(({ operation }) => operation === 'deleteElement');
	expect(request?.text).toBe(`{"element_id":${element_id}}`);
	expect(stage.kling.elements[0]?.status).toBe('deleted');
});

describe('get', () => {
	it('by external id', async () => {
		const { element_id } = anElement({ external_task_id: 'robot-1' });
		const taskId = { __rl: true, mode: 'externalId', value: 'robot-1' };
		const run = await runElement(stage, { operation: 'get', taskId });

		expect(run.items[0]?.json.element_id).toBe(element_id);
	});

	it('an unknown task is an error with its id', async () => {
		const items = [{ json: { task_id: '123' } }];
		const run = await runElement(stage, { operation: 'get' }, { items });

		expect(run.error?.message).toContain('Kling could not get the element of task 123');
	});

	it('a task that failed says why', async () => {
		const { task_id } = anElement({ status: 'failed', task_status_msg: 'Too dark' });
		const run = await runElement(stage, { operation: 'get' }, { items: [{ json: { task_id } }] });

		expect(run.items[0]?.json).toMatchObject({ status: 'failed', task_status_msg: 'Too dark' });
	});
});

describe('list', () => {
	const namesOf = async (parameters: object) => {
		const run = await runElement(stage, { operation: 'list', ...parameters });
		expect(run.error).toBeUndefined();
		return run.items.map(({ json }) => json.element_name);
	};

	beforeEach(() => {
		for (const element_name of ['Robot', 'Red robot', 'Sneaker']) anElement({ element_name });
	});

	it("own or Kling's, up to a limit", async () => {
		expect(await namesOf({ returnAll: true })).toEqual(['Sneaker', 'Red robot', 'Robot']);
		expect(await namesOf({ limit: 2 })).toEqual(['Sneaker', 'Red robot']);
		expect((await namesOf({ library: 'presets' })).sort()).toEqual([
			'Astronaut',
			'Corgi',
			'Night market',
		]);
	});

	it('by name and status', async () => {
		const { element_id } = anElement({ element_name: 'Old robot' });
		await remove(element_id);

		expect(await namesOf({ filters: { name: 'ROBOT' } })).toHaveLength(3);
		const filters = { name: 'robot', statuses: ['succeed'] };
		expect(await namesOf({ filters })).toEqual(['Red robot', 'Robot']);
		expect(await namesOf({ filters: { statuses: ['deleted'] } })).toEqual(['Old robot']);
		expect(await namesOf({ limit: 1, filters: { name: 'robot' } })).toHaveLength(1);
	});
});

describe('delete', () => {
	it('twice is a success twice', async () => {
		const { element_id } = anElement();
		await remove(element_id);
		const run = await remove(element_id);

		expect(run.items[0]?.json).toEqual({ element_id, deleted: true, already_deleted: true });
	});

	it('an answer without data is a success', async () => {
		stage.kling.switches.deleteAnswer = 'noData';
		const run = await remove(anElement().element_id);

		expect(run.items[0]?.json.already_deleted).toBe(false);
	});

	it("Kling's refusal of a preset and of an unknown id is passed on", async () => {
		const preset = await remove('700000000000000101');
		expect(preset.error?.message).toContain('is owned by kling');
		const unknown = await remove('700000000000000999');
		expect(unknown.error?.message).toContain('Element not found: 700000000000000999');
	});

	it.each([
		[Number('829836802793406551'), 'and its last digits are lost'],
		['', 'is empty'],
		['order-1', 'is not an ID'],
		[undefined, 'is empty'],
	])('%j is refused without a request', async (element_id, message) => {
		const run = await remove(element_id);

		expect(run.error?.message).toContain(message);
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('the lists in the editor', () => {
	const search = async (method: string, filter?: string) =>
		await stage.engine.listSearch(method, filter, undefined, { type: 'klingElement' });

	it('hold own elements that are there', async () => {
		const { task_id, element_id } = anElement({ element_name: 'Robot' });
		await remove(anElement({ element_name: 'Gone' }).element_id);

		const name = `Robot · ${element_id}`;
		expect((await search('searchElements', 'rob')).results).toEqual([{ name, value: element_id }]);
		expect((await search('searchElementTasks')).results).toEqual([{ name, value: task_id }]);
		expect((await search('searchElements', 'cat')).results).toEqual([]);
	});

	it.each(['searchElements', 'searchElementTasks'])(
		'say what they list in an error: %s',
		async (method) => {
			stage.kling.fault({ on: 'listElements', kind: 'error', code: 1101 });
			await expect(search(method)).rejects.toThrow('Kling could not list the elements: Account');
		},
	);
});
