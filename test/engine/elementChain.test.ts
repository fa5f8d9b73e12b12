import type { INodeParameters } from 'n8n-workflow';
import { makeImage } from '../kling';
import { useStage } from '../support/stage';

const stage = useStage({ durationMs: [0, 50] });

const imageUrl = async () =>
	stage.kling.imageUrl(await makeImage({ width: 300, height: 300, type: 'png' }));

beforeEach(() => stage.kling.reset());

describe('an image, its views and an element, in two nodes', () => {
	/** Image → views → element, as in docs/workflows/image-to-element.json, and what reads the element. */
	const workflow = (
		imageUrl: string,
		more: { views?: INodeParameters; element?: INodeParameters } = {},
	) => ({
		nodes: [
			{ name: 'In', type: 'test.source', items: [{ json: {} }] },
			{
				name: 'Views',
				type: 'klingAiMultiShot',
				parameters: { operation: 'create', imageUrl, downloadImages: false, ...more.views },
			},
			{
				name: 'Element',
				type: 'klingElement',
				parameters: {
					operation: 'create',
					elementName: 'Robot',
					elementDescription: 'A small toy robot',
					...more.element,
				},
			},
		],
		connections: [['In', 'Views', 'Element']],
	});

	it('the nine views become one element, and the same one again', async () => {
		const { engine, kling } = stage;
		const options = { externalTaskId: 'robot-7', pollInterval: 1 };
		const given = workflow(await imageUrl(), { views: { options } });
		const first = await engine.runWorkflow(given);
		const second = await engine.runWorkflow(given);

		expect(first.error).toBeUndefined();
		expect(first.items).toHaveLength(1);
		expect(first.items[0]?.json).toMatchObject({
			element_id: kling.elements[0]?.element_id,
			external_task_id: `element-${kling.tasks[0]?.task_id}-1`,
		});
		expect(first.items[0]?.pairedItem).toHaveLength(9);
		expect(second.items.map(({ json }) => json)).toEqual([
			{ ...first.items[0]?.json, reused: true },
		]);
		expect(kling.counters).toMatchObject({ tasksCharged: 1, elementTasksMade: 1 });
	});

	it('the External Task ID may be the same for the task and its element', async () => {
		const { engine, kling } = stage;
		const externalTaskId = 'robot-8';
		const given = workflow(await imageUrl(), {
			views: { options: { externalTaskId, pollInterval: 1 } },
			element: { options: { externalTaskId } },
		});
		for (const reused of [undefined, true]) {
			const run = await engine.runWorkflow(given);

			expect(run.error).toBeUndefined();
			expect(run.items.map(({ json }) => json)).toMatchObject([
				{ element_id: kling.elements[0]?.element_id, external_task_id: 'robot-8' },
			]);
			expect(run.items[0]?.json.reused).toBe(reused);
		}
		expect(kling.tasks.map(({ external_task_id }) => external_task_id)).toEqual(['robot-8']);
		expect(kling.elementTasks.map(({ external_task_id }) => external_task_id)).toEqual(['robot-8']);
	});
});

it("the digits of an id are the same in Kling's answers, in the output and in the delete", async () => {
	const { engine, kling } = stage;
	const url = await imageUrl();
	const run = await engine.runWorkflow({
		nodes: [
			{ name: 'In', type: 'test.source', items: [{ json: {} }] },
			{
				name: 'Create',
				type: 'klingElement',
				parameters: {
					operation: 'create',
					from: 'images',
					imageUrl: url,
					referenceUrls: url,
					elementName: 'Robot',
					elementDescription: 'A small toy robot',
				},
			},
			{ name: 'Get', type: 'klingElement', parameters: { operation: 'get' } },
			{ name: 'Delete', type: 'klingElement', parameters: { operation: 'delete' } },
			{ name: 'List', type: 'klingElement', parameters: { operation: 'list' } },
		],
		connections: [['In', 'Create', 'Get', 'Delete', 'List']],
	});
	const [element] = kling.elements;
	const idOf = (name: string) => run.node(name).items[0]?.json.element_id;

	expect(Number.isSafeInteger(Number(element?.element_id))).toBe(false);
	for (const name of ['Create', 'Get', 'Delete', 'List'])
		expect([name, idOf(name)]).toEqual([name, element?.element_id]);
	const deleted = kling.requests.find(({ operation }) => operation === 'deleteElement');
	expect(deleted?.text).toBe(`{"element_id":${element?.element_id}}`);
});
