import { PACKAGE_NAME } from '../support/n8n';
import { openAgentStage, type AgentStage } from './agentStage';
import { keepEnding } from './creating';

const tool = { name: 'Kling Element', type: `${PACKAGE_NAME}.klingElement` };
const TOOL_NAME = 'Kling_Element';

let stage: AgentStage;
let stopEnding: () => void;
beforeAll(async () => {
	stage = await openAgentStage();
	stopEnding = keepEnding(stage.kling);
});
afterAll(async () => {
	stopEnding();
	await stage.close();
});
beforeEach(() => {
	stage.kling.reset();
	stage.model.turns.length = 0;
});

it.each([
	['create', ['Description', 'Image_URL', 'Name', 'Task_ID']],
	['get', ['Task_ID']],
	['delete', ['Element_ID']],
	['list', []],
])('%s, as it is added: a model knows what to give', async (operation, keys) => {
	const { finished, model, runAgent } = stage;
	model.answer = () => 'No element today.';
	await finished(await runAgent({ operation }, { tool }));
	const { name, description, parameters } = model.turns[0]?.tools[0] ?? {};
	expect(name).toBe(TOOL_NAME);
	expect(description).toContain('element_id');
	expect(Object.keys(parameters?.properties ?? {}).sort()).toEqual(keys);
});

it('an agent creates an element of views, once, and deletes it with all digits', async () => {
	const { ask, finished, kling, imageUrl, read, runAgent } = stage;
	const { task_id } = kling.createTask({ status: 'succeed' });
	const call = {
		name: TOOL_NAME,
		arguments: {
			Task_ID: task_id,
			Image_URL: imageUrl,
			Name: 'Toy robot',
			Description: 'A small toy robot',
		},
	};
	for (const reused of [undefined, true]) {
		ask(call);
		await finished(await runAgent({ operation: 'create' }, { tool }));
		expect(JSON.parse(read()[0]?.output ?? '')).toMatchObject([
			{ element_id: kling.elements[0]?.element_id, ...(reused && { reused }) },
		]);
	}
	expect(kling.counters.elementTasksMade).toBe(1);
	const [element] = kling.elements;
	expect(Number.isSafeInteger(Number(element?.element_id))).toBe(false);

	ask({ name: TOOL_NAME, arguments: { Element_ID: element?.element_id ?? '' } });
	await finished(await runAgent({ operation: 'delete' }, { tool }));
	expect(JSON.parse(read()[0]?.output ?? '')).toMatchObject([
		{ element_id: element?.element_id, already_deleted: false },
	]);
	const deleted = kling.requests.find(({ operation }) => operation === 'deleteElement');
	expect(deleted?.text).toBe(`{"element_id":${element?.element_id}}`);
});

it('a name that is too long: the model reads the limit, and nothing is created', async () => {
	const { ask, finished, kling, imageUrl, read, runAgent } = stage;
	const { task_id } = kling.createTask({ status: 'succeed' });
	const Name = 'A toy robot with a very long name';
	ask({
		name: TOOL_NAME,
		arguments: { Task_ID: task_id, Image_URL: imageUrl, Name, Description: 'A robot' },
	});
	await finished(await runAgent({ operation: 'create' }, { tool }));
	expect(read()[0]?.output).toContain(`Name has ${Name.length} characters, the maximum is 20`);
	expect(kling.count('createElement')).toBe(0);
});
