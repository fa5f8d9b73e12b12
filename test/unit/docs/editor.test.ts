import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';

import packageJson from '../../../package.json';
import { KlingApi } from '../../../credentials/KlingApi.credentials';
import { KlingAiMultiShot } from '../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node';
import { FIELDS, isZeroSpecial, limitsOf } from './fields';
import { anchorsOf, PACKAGE_FOLDER, readDocument } from './markdown';

/** Those of n8n's own nodes; by others a node is not found. */
const CATEGORIES = [
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

type Chosen = INodeParameters & { operation: string };

interface Codex {
	node: string;
	categories: string[];
	alias: string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', Array<{ url: string }>>;
}

describe('a field in the editor', () => {
	it.each(FIELDS)('has a description: $displayName', ({ description = '' }) => {
		expect(description.length).toBeGreaterThan(20);
	});

	it.each(FIELDS.filter(limitsOf))('says its limits: $displayName', (field) => {
		expect(field.description).toContain(limitsOf(field));
		if (isZeroSpecial(field)) expect(field.description).toMatch(/\b0 (is automatic|for no limit)/);
	});

	it.each(FIELDS.filter(({ name, type }) => type === 'number' && /timeout|interval/i.test(name)))(
		'says its unit: $displayName',
		({ displayName, description }) => {
			expect(displayName).toMatch(/ \(Seconds\)$/);
			expect(description).toMatch(/ seconds/);
		},
	);

	it.each(FIELDS.filter(({ type, typeOptions }) => type === 'string' && !typeOptions?.password))(
		'shows an example: $displayName',
		({ placeholder }) => {
			expect(placeholder).toMatch(/^e\.g\. \S+( \S+)*$/);
		},
	);
});

describe('the options in the editor', () => {
	const create = [
		'Capacity Timeout (Seconds)',
		'External Task ID',
		'Max Concurrent',
		'Max New Tasks',
		'Reuse Task on Retry',
	];
	const polling = ['On Failed Task', 'On Timeout', 'Poll Interval (Seconds)', 'Timeout (Seconds)'];
	const whole = { output: 'task' };

	it.each<[Chosen, string[]]>([
		[{ operation: 'create' }, ['Callback URL', 'Check Image URL', ...create, ...polling]],
		[{ operation: 'create', imageSource: 'base64' }, ['Callback URL', ...create, ...polling]],
		[
			{ operation: 'create', waitMode: 'callback' },
			['Check Image URL', ...create, 'Timeout (Seconds)'],
		],
		[
			{ operation: 'create', waitMode: 'callback', waitForCompletion: false },
			['Callback URL', 'Check Image URL', ...create],
		],
		[
			{ operation: 'create', waitForCompletion: false, options: { externalTaskId: 'order-1042' } },
			['Callback URL', 'Check Image URL', 'If External ID Exists', ...create],
		],
		[
			{
				operation: 'create',
				imageSource: 'base64',
				options: { externalTaskId: '={{ $json.sku }}' },
			},
			['Callback URL', 'If External ID Exists', ...create, ...polling],
		],
		[{ operation: 'get' }, []],
		[{ operation: 'get', ...whole }, ['Output Binary Prefix']],
		[{ operation: 'get', ...whole, downloadImages: false }, []],
		[
			{ operation: 'create', ...whole, waitMode: 'callback' },
			['Check Image URL', ...create, 'Timeout (Seconds)'],
		],
		[
			{ operation: 'create', ...whole, imageSource: 'base64' },
			['Callback URL', 'Output Binary Prefix', ...create, ...polling],
		],
		[{ operation: 'wait' }, polling],
		[{ operation: 'wait', ...whole }, ['Output Binary Prefix', ...polling]],
		[{ operation: 'wait', ...whole, downloadImages: false }, polling],
		[{ operation: 'wait', waitMode: 'timer' }, ['Timer Interval (Seconds)']],
	])('that mean something with %j', (chosen, expected) => {
		expect(optionsOffered(chosen)).toEqual(expected.sort());
	});
});

describe.each(packageJson.n8n.nodes)('the codex of %s', (path) => {
	const file = path.replace(/^dist\//, '').replace(/\.js$/, '.json');
	const codex = JSON.parse(readFileSync(join(PACKAGE_FOLDER, file), 'utf8')) as Codex;

	it('belongs to the node', () => {
		const name = (file.split('/').at(-1) ?? '').replace('.node.json', '');
		expect(codex.node).toBe(`${packageJson.name}.${name.charAt(0).toLowerCase()}${name.slice(1)}`);
	});

	it('names categories that n8n has', () => {
		expect(CATEGORIES).toEqual(expect.arrayContaining(codex.categories));
	});

	it('names words that people search by, each once', () => {
		const words = codex.alias.map((word) => word.toLowerCase());
		expect(words).toEqual(expect.arrayContaining(['kling', 'product photo', 'multi view']));
		expect(new Set(words).size).toBe(words.length);
	});

	it('links to headings of the README', () => {
		const links = Object.values(codex.resources).flat();
		expect(links).toHaveLength(2);
		for (const { url } of links) expectReadmeHeading(url);
	});
});

it('the credential links to a heading of the README', () => {
	expectReadmeHeading(new KlingApi().documentationUrl);
});

/** What the editor offers under Add Option; like it, this keeps values of fields that are hidden. */
function optionsOffered(chosen: Chosen): string[] {
	const { description } = new KlingAiMultiShot();
	const { properties } = description;
	const defaults = properties
		.filter(({ displayOptions }) => {
			const operations = displayOptions?.show?.operation;
			return !operations || operations.includes(chosen.operation);
		})
		.map(({ name, default: value }) => [name, value]);
	const values = { ...Object.fromEntries(defaults), ...chosen } as INodeParameters;
	const shownIn = (siblings: INodeParameters) => (property: INodeProperties) =>
		NodeHelpers.displayParameter(siblings, property, null, description, values);
	const given = (chosen.options ?? {}) as INodeParameters;
	return properties
		.filter(({ name }) => name === 'options')
		.filter(shownIn(values))
		.flatMap(({ options }) => (options as INodeProperties[]).filter(shownIn(given)))
		.map(({ displayName }) => displayName)
		.sort();
}

function expectReadmeHeading(url: string): void {
	const [page, anchor = ''] = url.split('#');
	expect(page).toBe(packageJson.homepage.split('#')[0]);
	expect(anchorsOf(readDocument('README.md'))).toContain(anchor);
}
