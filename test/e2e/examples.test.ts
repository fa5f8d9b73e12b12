import type { INodeProperties } from 'n8n-workflow';
import { EXAMPLES, readExample, type NodeTypeDescription, type WorkflowNode } from '../support/n8n';
import { useStage } from './stage';

const STICKY = 'n8n-nodes-base.stickyNote';
/** What a node and its name take on the canvas. */
const [WIDTH, HEIGHT] = [180, 150];

const stage = useStage();
let nodeTypes: NodeTypeDescription[];
beforeAll(async () => {
	nodeTypes = await stage.api.nodeTypes();
});

/** Names of parameters that the node does not have, in collections, too. */
function unknownParameters(parameters: object, properties: INodeProperties[]): string[] {
	return Object.entries(parameters).flatMap(([name, value]: [string, unknown]) => {
		const known = properties.filter((property) => property.name === name);
		if (known.length === 0) return [name];
		const collections = known.filter(({ type }) => type === 'collection');
		if (collections.length === 0 || typeof value !== 'object' || value === null) return [];
		const entries = collections.flatMap(({ options }) => options as INodeProperties[]);
		return unknownParameters(value, entries).map((inner) => `${name}.${inner}`);
	});
}

it.each(EXAMPLES)('%s names only nodes, versions and parameters that n8n has', async (example) => {
	for (const { name, type, typeVersion, parameters } of (await readExample(example)).nodes) {
		const found = nodeTypes.filter(
			(one) => one.name === type && [one.version].flat().includes(typeVersion),
		);
		expect([name, found.length]).toEqual([name, 1]);
		const properties = (found[0]?.properties ?? []) as INodeProperties[];
		expect([name, unknownParameters(parameters, properties)]).toEqual([name, []]);
	}
});

it.each(EXAMPLES)(
	'%s holds no credential, no pinned data and nothing of an n8n',
	async (example) => {
		const workflow = await readExample(example);
		expect(workflow.nodes.filter(({ credentials }) => credentials)).toEqual([]);
		expect(Object.keys(workflow).sort()).toEqual([
			'connections',
			'meta',
			'name',
			'nodes',
			'pinData',
			'settings',
		]);
		expect(workflow).toMatchObject({ pinData: {}, settings: { executionOrder: 'v1' } });
		expect(Object.entries(workflow).find(([key]) => key === 'meta')?.[1]).toEqual({
			templateCredsSetupCompleted: false,
		});
	},
);

const overlap = (one: WorkflowNode, other: WorkflowNode): boolean =>
	Math.abs(one.position[0] - other.position[0]) < WIDTH &&
	Math.abs(one.position[1] - other.position[1]) < HEIGHT;

it.each(EXAMPLES)(
	'%s is explained on the canvas, what it costs, too, and can be read',
	async (example) => {
		const { nodes } = await readExample(example);
		const notes = nodes.filter(({ type }) => type === STICKY);
		expect(notes.length).toBeGreaterThan(1);
		const text = notes.map(({ parameters }) => String(parameters['content'])).join('\n');
		expect(text).toMatch(/credential/);
		expect(text).toMatch(/charge|\bfree\b/);
		const working = nodes.filter(({ type }) => type !== STICKY);
		const overlapping = working.filter((one) =>
			working.some((other) => other !== one && overlap(one, other)),
		);
		expect(overlapping.map(({ name }) => name)).toEqual([]);
	},
);
