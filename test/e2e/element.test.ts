import type { Execution, Workflow } from '../support/n8n';
import { outputOf, PACKAGE_NAME, readExample, withParameters } from '../support/n8n';
import { keepEnding } from './creating';
import { link, node, start } from './nodes';
import { useStage } from './stage';

const ELEMENT_TYPE = `${PACKAGE_NAME}.klingElement`;

let stopEnding = (): void => undefined;
const stage = useStage(() => stopEnding());
beforeAll(() => {
	stopEnding = keepEnding(stage.kling);
});
beforeEach(() => stage.kling.reset());

async function run(id: string): Promise<Execution> {
	const execution = await stage.api.waitUntilFinished(await stage.api.run(id, 'Start'));
	expect(execution).toMatchObject({ status: 'success' });
	return execution;
}

const put = async (workflow: Workflow) => (await stage.put(workflow)).id;

it('image-to-element: an image becomes an element in two nodes, and the same one again', async () => {
	const { kling, imageUrl } = stage;
	const example = await readExample('image-to-element');
	const id = await put(withParameters(example, 'Create Views', { imageUrl: imageUrl }));
	const [first] = outputOf(await run(id), 'Create Element');
	const [element] = kling.elements;

	expect(String(Number(element?.element_id))).not.toBe(element?.element_id);
	expect(first?.json).toMatchObject({
		element_id: element?.element_id,
		element_name: 'Toy robot',
		status: 'succeed',
		tags: ['Character'],
	});
	const again = outputOf(await run(id), 'Create Element');
	expect(again).toHaveLength(1);
	expect(again[0]?.json).toMatchObject({ element_id: element?.element_id, reused: true });
	expect(kling.counters).toMatchObject({
		tasksCharged: 1,
		elementTasksMade: 1,
		elementsMade: 1,
	});
});

it('characters-in-bulk: an element for each row, what fails says why, and a second run creates the missing one', async () => {
	const { kling, imageUrl } = stage;
	const rows = ['robot', 'knight', 'fox'].map((id) => ({
		id,
		name: `The ${id}`,
		description: `A small ${id}`,
		image_url: imageUrl,
	}));
	const jsCode = `return ${JSON.stringify(rows.map((json) => ({ json })))};`;
	const example = await readExample('characters-in-bulk');
	const id = await put(withParameters(example, 'Characters', { jsCode }));
	kling.fault({ on: 'createElement', kind: 'error', code: 1301 });
	const first = await run(id);

	expect(outputOf(first, 'Elements')).toHaveLength(2);
	const [failed] = outputOf(first, 'Failed');
	expect(failed?.json['error']).toContain('Kling could not create the element');
	const second = outputOf(await run(id), 'Elements');
	expect(second.map(({ json }) => [json['id'], json['name'], json['element_id']])).toEqual(
		rows.map((row) => [
			row.id,
			row.name,
			kling.elements.find(({ element_name }) => element_name === row.name)?.element_id,
		]),
	);
	expect(kling.counters).toMatchObject({ tasksCharged: 3, elementsMade: 3 });
});

it('the digits of an id survive get, list and delete, and a second delete is a success', async () => {
	const { kling } = stage;
	const { task_id } = kling.createElement({ element_name: 'Robot' });
	const element_id = kling.elements[0]?.element_id ?? '';
	const jsCode = `return [{ json: { task_id: '${task_id}' } }];`;
	const names = ['Start', 'Items', 'Get', 'Delete', 'Delete Again', 'List'];
	const element = (name: string, parameters: object) =>
		node(name, ELEMENT_TYPE, 1, { ...parameters });
	const id = await put({
		name: 'Get, delete and list an element',
		nodes: [
			start,
			node('Items', 'n8n-nodes-base.code', 2, { jsCode }),
			element('Get', { operation: 'get' }),
			element('Delete', { operation: 'delete' }),
			element('Delete Again', { operation: 'delete' }),
			element('List', { operation: 'list' }),
		],
		connections: link(...names),
	});
	const execution = await run(id);
	const jsonOf = (name: string) => outputOf(execution, name)[0]?.json;

	expect(jsonOf('Get')).toMatchObject({ element_id, status: 'succeed' });
	expect(jsonOf('Delete')).toMatchObject({ element_id, already_deleted: false });
	expect(jsonOf('Delete Again')).toMatchObject({ element_id, already_deleted: true });
	expect(jsonOf('List')).toMatchObject({ element_id, status: 'deleted' });
	const deletes = kling.requests.filter(({ operation }) => operation === 'deleteElement');
	expect(deletes.map(({ text }) => text)).toEqual(Array(2).fill(`{"element_id":${element_id}}`));
});
