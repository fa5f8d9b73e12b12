import { NodeHelpers, type INodeProperties } from 'n8n-workflow';
import { KlingApi } from '../../../../credentials/KlingApi.credentials';
import { KlingAiMultiShot } from '../../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node';
import codex from '../../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node.json';
import packageJson from '../../../../package.json';
import { WHOLE_TASK } from '../../../support/parameters';
import { useStage } from '../../../support/stage';
import { told } from '../shared/transport/told';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

const { description } = new KlingAiMultiShot();
/** By name and, of a field or an option, by the operation that shows it; not those of an AI agent's tool alone. */
const fieldsOf = (operation: string) =>
	description.properties.filter(
		({ displayOptions: { show } = {} }) =>
			show?.operation?.includes(operation) && show['@tool']?.[0] !== true,
	);
const optionsOf = (operation: string) =>
	fieldsOf(operation).flatMap(({ name, options }) =>
		name === 'options' ? (options as INodeProperties[]) : [],
	);
const defaultsOf = (fields: INodeProperties[]) =>
	Object.fromEntries(
		fields.filter(({ type }) => type !== 'notice').map(({ name, default: value }) => [name, value]),
	);
const valuesOf = (fields: INodeProperties[], wanted: string) =>
	(fields.find(({ name }) => name === wanted)?.options ?? []).map(
		(option) => 'value' in option && option.value,
	);

/** Saved workflows depend on these: a change breaks users. */
describe('names and defaults that saved workflows depend on', () => {
	it('of the credential', () => {
		const { name, properties } = new KlingApi();
		expect(name).toBe('klingApi');
		expect(defaultsOf(properties)).toEqual({
			authentication: 'accessKey',
			accessKey: '',
			secretKey: '',
			apiKey: '',
			region: 'global',
			baseUrl: '',
			webhookSecret: '',
		});
		expect(valuesOf(properties, 'authentication')).toEqual(['accessKey', 'apiKey']);
		expect(valuesOf(properties, 'region')).toEqual(['global', 'china', 'custom']);
	});

	it('of the node', () => {
		expect(description).toMatchObject({
			name: 'klingAiMultiShot',
			displayName: 'Kling AI Multi-Shot',
			version: 1,
			usableAsTool: true,
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'klingApi', required: true }],
		});
		expect(description.properties[0]).toMatchObject({
			name: 'operation',
			default: 'create',
			noDataExpression: true,
		});
		expect(description.properties[0]?.options).toMatchObject([
			{ name: 'Create Task', value: 'create' },
			{ name: 'Get Task', value: 'get' },
			{ name: 'List Tasks', value: 'list' },
			{ name: 'Wait for Task', value: 'wait' },
		]);
	});

	const taskId = { mode: 'id', value: '={{ $json.task_id }}' };
	const images = { downloadImages: true, output: 'images' };
	const waiting = { timeout: 900, pollInterval: 0, onFailedTask: 'error', onTimeout: 'error' };
	it.each([
		[
			'create',
			{
				imageSource: 'url',
				imageUrl: '',
				binaryPropertyName: 'data',
				imageBase64: '',
				waitForCompletion: true,
				waitMode: 'poll',
				...images,
				options: {},
			},
			{
				callbackUrl: '',
				externalTaskId: '',
				ifExternalIdExists: 'reuse',
				reuseTaskOnRetry: true,
				checkImageUrl: false,
				maxConcurrent: 5,
				maxNewTasks: 0,
				capacityTimeout: 600,
				...waiting,
				outputBinaryPrefix: 'image_',
			},
		],
		['get', { taskId, ...images, options: {} }, { outputBinaryPrefix: 'image_' }],
		['list', { returnAll: false, limit: 50, filters: {} }, {}],
		[
			'wait',
			{ taskId, waitMode: 'poll', ...images, options: {} },
			{ ...waiting, timerInterval: 65, outputBinaryPrefix: 'image_' },
		],
	])('of the operation %s', (operation, fields, options) => {
		expect(defaultsOf(fieldsOf(operation))).toEqual(fields);
		expect(defaultsOf(optionsOf(operation))).toEqual(options);
	});

	it('of the values to choose from', () => {
		expect(valuesOf(fieldsOf('create'), 'imageSource').sort()).toEqual(['base64', 'binary', 'url']);
		expect(valuesOf(optionsOf('create'), 'ifExternalIdExists').sort()).toEqual(['error', 'reuse']);
		expect(valuesOf(fieldsOf('create'), 'waitMode').sort()).toEqual(['callback', 'poll']);
		expect(valuesOf(fieldsOf('wait'), 'waitMode').sort()).toEqual(['poll', 'timer']);
		expect(valuesOf(fieldsOf('get'), 'output').sort()).toEqual(['images', 'task']);
		for (const name of ['onFailedTask', 'onTimeout'])
			expect(valuesOf(optionsOf('wait'), name).sort()).toEqual(['error', 'output']);
		const modes = fieldsOf('get').flatMap(({ modes }) => modes ?? []);
		expect(modes.map(({ name }) => name)).toEqual(['id', 'list', 'externalId']);
		const filters = fieldsOf('list').find(({ name }) => name === 'filters');
		const filterFields = filters?.options as INodeProperties[];
		expect(defaultsOf(filterFields)).toEqual({ createdAfter: '', statuses: [] });
		expect(valuesOf(filterFields, 'statuses').sort()).toEqual([
			'failed',
			'processing',
			'submitted',
			'succeed',
		]);
	});

	it('times that users enter are in seconds, and their labels say so', () => {
		const times = [...optionsOf('create'), ...optionsOf('wait')].filter(
			({ name }) => /(^t|T)imeout$|Interval$/.test(name) && name !== 'onTimeout',
		);
		expect(times.length).toBeGreaterThanOrEqual(5);
		for (const { displayName, type } of times)
			expect([displayName, type]).toEqual([expect.stringMatching(/ \(Seconds\)$/), 'number']);
	});

	it('what is read once a run takes no expression where it changes the panel', () => {
		const once = ['operation', 'waitForCompletion', 'waitMode', 'downloadImages', 'output'];
		const fields = description.properties.filter(({ name }) => once.includes(name));
		expect(fields.length).toBeGreaterThanOrEqual(2);
		for (const field of fields) expect(field).toMatchObject({ noDataExpression: true });
	});
});

it('each field says what it is, in one operation alone', () => {
	for (const field of description.properties.slice(1)) {
		if (field.type === 'hidden') continue;
		expect(field.displayOptions?.show?.operation).toHaveLength(1);
		if (!['notice', 'collection'].includes(field.type)) expect(field.description).toBeTruthy();
	}
});

it('the codex file names the node by its full type', () => {
	expect(codex.node).toBe(`${packageJson.name}.klingAiMultiShot`);
});

it("n8n's own defaults are those of the description", () => {
	const parameters = NodeHelpers.getNodeParameters(
		description.properties,
		{},
		true,
		false,
		null,
		description,
	);
	expect(parameters).toMatchObject({ operation: 'create', imageSource: 'url' });
	expect(parameters).toMatchObject({ waitForCompletion: true });
});

describe('all items are worked', () => {
	it('one item out for each in, paired, in order, whatever the operation', async () => {
		const ids = Array.from(
			{ length: 4 },
			() => stage.kling.createTask({ status: 'succeed' }).task_id,
		);
		for (const operation of ['get', 'wait']) {
			const run = await stage.engine.runNode({
				parameters: { ...WHOLE_TASK, operation },
				items: ids.map((task_id) => ({ json: { task_id } })),
			});
			expect(run.items.map(({ json, pairedItem }) => [json.task_id, pairedItem])).toEqual(
				ids.map((id, item) => [id, { item }]),
			);
		}
	});

	it('no item in, none out, and no request', async () => {
		const run = await stage.engine.runWorkflow({
			nodes: [
				{ name: 'In', type: 'test.source', items: [] },
				{ name: 'Kling', type: 'klingAiMultiShot', parameters: { operation: 'get' } },
			],
			connections: [['In', 'Kling']],
		});
		expect(run.items).toEqual([]);
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('an operation that is not known', () => {
	it.each(['__CUSTOM_API_CALL__', 'delete'])('%s: the error says what there is', async (name) => {
		const run = await stage.engine.runNode({ parameters: { operation: name } });
		expect(run.error?.name).toBe('NodeOperationError');
		expect(run.error?.message).toBe(`The operation "${name}" is not known`);
		expect(run.error?.description).toMatch(/Create Task.*HTTP Request node/);
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('a broken credential', () => {
	const operations = [
		{ operation: 'create', imageUrl: 'https://example.com/image.png' },
		{ operation: 'get', taskId: '867283741759111202' },
		{ operation: 'list' },
		{ operation: 'wait', taskId: '867283741759111202' },
	];
	const broken = { secretKey: '' };
	const message = 'The Kling API credential has no Secret Key';
	const details = 'Enter it in the credential: copy it from the Kling console.';

	it.each(operations)(
		'with Continue On Fail gives an error item for each item: %j',
		async (parameters) => {
			const klingApi = { ...stage.credentials.klingApi, ...broken };
			const run = await stage.engine.runNode({
				parameters,
				items: [{ json: { own: 1 } }, { json: { own: 2 } }],
				credentials: { klingApi },
				nodeSettings: { onError: 'continueRegularOutput' },
			});
			expect(run.items.map(({ json, pairedItem }) => ({ json, pairedItem }))).toEqual([
				{ json: { own: 1, error: message, details }, pairedItem: { item: 0 } },
				{ json: { own: 2, error: message, details }, pairedItem: { item: 1 } },
			]);
			expect(stage.kling.requests).toEqual([]);
		},
	);

	it.each(operations)('without it ends the node: %j', async (parameters) => {
		const klingApi = { ...stage.credentials.klingApi, ...broken };
		const run = await stage.engine.runNode({ parameters, credentials: { klingApi } });
		expect(told(run)).toContain(message);
		expect(run.items).toEqual([]);
		expect(stage.kling.requests).toEqual([]);
	});

	it('none at all is an error, too', async () => {
		const run = await stage.engine.runNode({ parameters: { operation: 'list' }, credentials: {} });
		expect(told(run)).toContain('does not have any credentials set for "klingApi"');
	});
});

it.each(['engine', 'classic'] as const)('an AI agent can call it (%s)', async (asTool) => {
	const { task_id } = stage.kling.createTask({ status: 'succeed' });
	const run = await stage.engine.runNode({
		asTool,
		parameters: { operation: 'get', taskId: "={{ $fromAI('task_id') }}" },
		items: [{ json: { task_id } }],
	});
	expect(JSON.stringify(run.items)).toContain(task_id);
	expect(stage.kling.count('get')).toBe(1);
});

it.each([
	['engine', false],
	['engine', true],
	['classic', false],
] as const)(
	'its model reads what to do, though it gets the message alone (%s, continues on fail: %s)',
	async (asTool, continueOnFail) => {
		const parameters = { operation: 'create', imageUrl: 'nonsense' };
		const nodeSettings = { continueOnFail };
		const run = await stage.engine.runNode({ asTool, parameters, nodeSettings });
		const message = run.error?.message ?? JSON.stringify(run.items);
		expect(message).toContain('Enter the complete address.');
	},
);

it('as a tool each operation has a description of its own, and the model fills in what it needs', () => {
	const asTool = description.properties.filter(
		({ displayOptions }) => displayOptions?.show?.['@tool']?.[0] === true,
	);
	const told = asTool.filter(({ name }) => name === 'toolDescription');
	expect(new Set(told.map(({ default: text }) => text)).size).toBe(4);
	const filled = asTool.filter(({ name }) => name !== 'toolDescription');
	expect(filled.map(({ name }) => name)).toEqual(['imageUrl', 'taskId', 'taskId']);
	for (const field of filled) expect(JSON.stringify(field.default)).toContain('$fromAI(');
});
