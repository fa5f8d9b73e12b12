import type { INodeProperties } from 'n8n-workflow';
import { KlingElement } from '../../../../nodes/KlingElement/KlingElement.node';
import codex from '../../../../nodes/KlingElement/KlingElement.node.json';
import multiShotCodex from '../../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node.json';
import packageJson from '../../../../package.json';
import { useStage } from '../../../support/stage';
import { CREATE, runElement } from './stage';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

const { description } = new KlingElement();
const isOfTool = ({ displayOptions }: INodeProperties) =>
	displayOptions?.show?.['@tool']?.[0] === true;
/** Of an operation, not those of an AI agent's tool alone. */
const fieldsOf = (operation: string) =>
	description.properties.filter(
		(field) => field.displayOptions?.show?.operation?.includes(operation) && !isOfTool(field),
	);
const entriesOf = (operation: string, collection: string) =>
	fieldsOf(operation).flatMap(({ name, options }) =>
		name === collection ? (options as INodeProperties[]) : [],
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
	it('of the node', () => {
		expect(description).toMatchObject({
			name: 'klingElement',
			displayName: 'Kling Element',
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
			{ name: 'Create Element', value: 'create', action: 'Create an element' },
			{ name: 'Delete Element', value: 'delete', action: 'Delete an element' },
			{ name: 'Get Element', value: 'get', action: 'Get an element' },
			{ name: 'List Elements', value: 'list', action: 'List elements' },
		]);
	});

	const taskId = { mode: 'id', value: '={{ $json.task_id }}' };
	it.each([
		[
			'create',
			{
				from: 'views',
				taskId,
				set: '1',
				imageSource: 'url',
				imageUrl: '={{ $json.front_image_url }}',
				binaryPropertyName: 'data',
				imageBase64: '',
				referenceSource: 'url',
				referenceUrls: '',
				referenceBinaryFields: '',
				elementName: '',
				elementDescription: '',
				tags: [],
				waitForCompletion: true,
				options: {},
			},
			{
				capacityTimeout: 600,
				checkImageUrl: false,
				externalTaskId: '',
				ifExternalIdExists: 'reuse',
				maxConcurrent: 5,
				maxNewTasks: 0,
				reuseTaskOnRetry: true,
				timeout: 900,
			},
		],
		['delete', { elementId: { mode: 'id', value: '={{ $json.element_id }}' } }, {}],
		['get', { taskId }, {}],
		['list', { library: 'own', returnAll: false, limit: 50, filters: {} }, {}],
	])('of the operation %s', (operation, fields, options) => {
		expect(defaultsOf(fieldsOf(operation))).toEqual(fields);
		expect(defaultsOf(entriesOf(operation, 'options'))).toEqual(options);
	});

	it('of the values to choose from', () => {
		const create = fieldsOf('create');
		expect(valuesOf(create, 'from').sort()).toEqual(['images', 'views']);
		expect(valuesOf(create, 'set')).toEqual(['1', '2', '3', 'all']);
		expect(valuesOf(create, 'referenceSource').sort()).toEqual(['binary', 'url']);
		expect(valuesOf(create, 'tags').sort()).toEqual(
			[101, 102, 103, 104, 105, 106, 107, 108].map((tag) => `o_${tag}`),
		);
		expect(valuesOf(fieldsOf('list'), 'library')).toEqual(['own', 'presets']);
		const filters = entriesOf('list', 'filters');
		expect(defaultsOf(filters)).toEqual({ name: '', statuses: [] });
		expect(valuesOf(filters, 'statuses').sort()).toEqual([
			'deleted',
			'failed',
			'processing',
			'submitted',
			'succeed',
		]);
		const modes = (operation: string, wanted: string) =>
			fieldsOf(operation)
				.find(({ name }) => name === wanted)
				?.modes?.map(({ name }) => name);
		expect(modes('create', 'taskId')).toEqual(['id', 'list', 'externalId']);
		expect(modes('get', 'taskId')).toEqual(['id', 'list', 'externalId']);
		expect(modes('delete', 'elementId')).toEqual(['id', 'list']);
	});

	it('what is read once a run takes no expression where it changes the panel', () => {
		const fields = description.properties.filter(({ name }) =>
			['operation', 'from', 'waitForCompletion'].includes(name),
		);
		expect(fields).toHaveLength(3);
		for (const field of fields) expect(field).toMatchObject({ noDataExpression: true });
	});
});

describe('what a user reads', () => {
	it('each field says what it is, in one operation alone', () => {
		for (const field of description.properties.slice(1)) {
			expect([field.name, field.displayOptions?.show?.operation]).toEqual([
				field.name,
				[expect.any(String)],
			]);
			if (!['notice', 'collection'].includes(field.type)) expect(field.description).toBeTruthy();
		}
	});

	it.each(['create', 'delete', 'get', 'list'])('the canvas names the operation: %s', (value) => {
		const { name } = (description.properties[0]?.options ?? []).find(
			(option) => 'value' in option && option.value === value,
		) as { name: string };
		expect(description.subtitle).toContain(`${value}: "${name}"`);
	});

	it('nothing promises that an element is free', () => {
		// The options speak of elements that exist already.
		const fields = description.properties.filter(
			({ name, displayOptions }) =>
				name !== 'options' && displayOptions?.show?.operation?.includes('create'),
		);
		const texts = JSON.stringify([description.description, description.properties[0], fields]);
		expect(texts).toContain('toolDescription');
		expect(texts).not.toMatch(/\bfree\b|no cost|without cost|costs nothing/i);
	});

	it('both nodes are found by the same names of the product, and by elements', () => {
		const kling = multiShotCodex.alias.filter((word) => /kling|kuaishou/i.test(word));
		expect(kling.length).toBeGreaterThan(1);
		expect(codex.alias).toEqual(expect.arrayContaining([...kling, 'Element', 'Character']));
		expect(codex.node).toBe(`${packageJson.name}.klingElement`);
	});
});

describe('as a tool', () => {
	const told = description.properties.filter(isOfTool);

	it('each operation says what it does, what to give, and how to read the answer', () => {
		const texts = told.filter(({ name }) => name === 'toolDescription');
		const textOf = (operation: string) =>
			String(
				texts.find(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation))
					?.default,
			);
		expect(texts).toHaveLength(4);
		for (const operation of ['create', 'get', 'list'])
			expect(textOf(operation)).toContain('element_id is the id of the element, as text');
		expect(textOf('create')).toContain('again for the same views gives the same element');
		expect(textOf('get')).toContain('Give the task_id');
		expect(textOf('delete')).toContain('Permanently');
		expect(textOf('delete')).toContain('already_deleted is true');
	});

	it('the model fills in what an element needs, within its limits', () => {
		const filled = told.filter(({ name }) => name !== 'toolDescription');
		expect(filled.map(({ name }) => name)).toEqual([
			'taskId',
			'imageUrl',
			'referenceUrls',
			'elementName',
			'elementDescription',
			'elementId',
			'taskId',
		]);
		for (const field of filled) expect(JSON.stringify(field.default)).toContain('$fromAI(');
		const tellsOf = (wanted: string) =>
			JSON.stringify(filled.find(({ name }) => name === wanted)?.default);
		expect(tellsOf('elementName')).toContain('at most 20 characters');
		expect(tellsOf('elementDescription')).toContain('at most 100 characters');
		expect(tellsOf('elementId')).toContain('as text, not as a number');
	});
});

const OPERATIONS = [
	{ ...CREATE, imageUrl: 'https://example.com/front.png', taskId: '1' },
	{ operation: 'get', taskId: '867283741759111202' },
	{ operation: 'list' },
	{ operation: 'delete', elementId: '829836802793406551' },
];

it.each(OPERATIONS)('a broken credential ends the node before any request: %j', async (given) => {
	const klingApi = { ...stage.credentials.klingApi, secretKey: '' };
	const run = await runElement(stage, given, { credentials: { klingApi } });

	expect(`${run.error?.message} ${run.error?.description}`).toContain('has no Secret Key');
	expect(run.items).toEqual([]);
	expect(stage.kling.requests).toEqual([]);
});

it.each(['__CUSTOM_API_CALL__', 'wait'])(
	'an operation that is not known says what there is: %s',
	async (operation) => {
		const run = await runElement(stage, { operation });

		expect(run.error?.message).toBe(`The operation "${operation}" is not known`);
		expect(run.error?.description).toMatch(/Create Element.*List Elements/);
		expect(stage.kling.requests).toEqual([]);
	},
);

it('one item out for each in, paired, in order, whatever the operation', async () => {
	const made = [1, 2, 3].map((number) =>
		stage.kling.createElement({ element_name: `Robot ${number}` }),
	);
	const items = made.map(({ task_id }) => ({ json: { task_id } }));
	const got = await runElement(stage, { operation: 'get' }, { items });
	const deleted = await runElement(
		stage,
		{ operation: 'delete' },
		{ items: got.items.map(({ json }) => ({ json })) },
	);

	expect(got.items.map(({ json, pairedItem }) => [json.task_id, pairedItem])).toEqual(
		made.map(({ task_id }, item) => [task_id, { item }]),
	);
	expect(deleted.items.map(({ json, pairedItem }) => [json.element_id, pairedItem])).toEqual(
		stage.kling.elements.map(({ element_id }, item) => [element_id, { item }]),
	);
});
