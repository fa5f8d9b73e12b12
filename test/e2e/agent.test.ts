import { openAgentStage, TOOL, TOOL_NAME, viewsOf, type AgentStage } from './agentStage';

let stage: AgentStage;
beforeAll(async () => {
	stage = await openAgentStage();
});
afterAll(async () => await stage.close());
beforeEach(() => {
	stage.kling.reset();
	stage.model.turns.length = 0;
});

const create = { operation: 'create', options: { pollInterval: 1 } };

it.each([
	['create', 'Image_URL', 'not of a web page', 'costs money'],
	['get', 'Task_ID', 'as text', 'once, at no cost'],
	['wait', 'Task_ID', 'as text', 'Waits, at no cost'],
	['list', undefined, '', 'newest first'],
])('%s, as it is added: a model knows what to give', async (operation, key, rule, what) => {
	const { finished, model, runAgent } = stage;
	model.answer = () => 'No views today.';
	await finished(await runAgent({ operation }));
	const { name, description, parameters } = model.turns[0]?.tools[0] ?? {};
	expect(name).toBe(TOOL_NAME);
	expect(description).toContain(what);
	expect(description).toContain('image_urls');
	const field = { type: 'string', description: expect.stringContaining(rule) as string };
	expect(parameters?.properties).toEqual(key === undefined ? {} : { [key]: field });
});

it.each([
	['the Responses API', false],
	['Chat Completions', true],
])('a pause was chosen: it polls, says so, and returns URLs (%s)', async (_name, completions) => {
	const { api, ask, finished, kling, imageUrl, read, runAgent, tasksRead } = stage;
	ask(viewsOf(imageUrl));
	const executionId = await runAgent({ ...create, waitMode: 'callback' }, { completions });
	await kling.until(() => kling.count('get') > 1, 30_000);
	expect(await api.getExecution(executionId)).toMatchObject({ status: 'running' });
	const [task] = kling.tasks;
	expect(task?.callback_url).toBeUndefined();
	await kling.move(task?.task_id ?? '', 'succeed');
	const { runData } = (await finished(executionId)).data.resultData;
	const message = expect.stringContaining('polled instead of pausing') as string;
	expect(runData[TOOL]?.[0]?.hints).toContainEqual(expect.objectContaining({ message }));
	expect(tasksRead()).toMatchObject([{ task_id: task?.task_id, completed: true }]);
	expect(read()[0]?.output.match(/"url_\d":"http[^"]+/g)).toHaveLength(9);
});

it.each([
	['a page without https', 'www.example.com/sneaker', /Image URL must begin with https/],
	['what only n8n can reach', 'https://10.0.0.5/a.png', /Image URL .* needs a public address/],
])('not an image URL, but %s: the model reads what to do', async (_name, url, advice) => {
	const { ask, finished, kling, read, runAgent } = stage;
	ask(viewsOf(url));
	await finished(await runAgent(create));
	expect(read()[0]?.output).toMatch(advice);
	expect(kling.tasks).toEqual([]);
});

it('a task that fails: the model reads why, and what to do', async () => {
	const { ask, finished, kling, imageUrl, read, runAgent } = stage;
	ask(viewsOf(imageUrl));
	const executionId = await runAgent(create);
	await kling.until(() => kling.tasks.length === 1, 30_000);
	const task_id = kling.tasks[0]?.task_id ?? '';
	await kling.move(task_id, 'failed', { task_status_msg: 'The image shows no thing' });
	await finished(executionId);
	expect(read()[0]?.output).toContain(`Task ${task_id} failed: The image shows no thing`);
	expect(read()[0]?.output).toContain(
		'Fix the problem that Kling reports, then create a new task.',
	);
});
