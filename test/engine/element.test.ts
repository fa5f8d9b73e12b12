import { makeImage } from '../kling';
import { useFastTime } from '../support/fastTime';
import { useStage } from '../support/stage';

useFastTime(20);

const stage = useStage();

/** Small, since the local Kling gives an image little time here. */
const imageUrl = async () =>
	stage.kling.imageUrl(await makeImage({ width: 300, height: 300, type: 'png' }));

beforeEach(() => stage.kling.reset());

const CREATE = {
	operation: 'create',
	elementName: 'Robot',
	elementDescription: 'A small toy robot',
	from: 'images',
};

it('an element is created once, whatever becomes of the answers', async () => {
	const { engine, kling } = stage;
	const url = await imageUrl();
	const items = Array.from({ length: 12 }, (_, item) => ({ json: { id: `robot-${item}` } }));
	kling.fault({ on: 'createElement', kind: 'drop', when: 'after', probability: 0.4, seed: 1 });
	kling.fault({ on: 'createElement', kind: 'drop', when: 'before', probability: 0.3, seed: 2 });
	const parameters = {
		...CREATE,
		imageUrl: url,
		referenceUrls: url,
		options: { externalTaskId: '={{ $json.id }}' },
	};
	const run = await engine.runNode({ type: 'klingElement', parameters, items });

	expect(run.error).toBeUndefined();
	expect(run.items.map(({ json }) => json.external_task_id)).toEqual(
		items.map(({ json }) => json.id),
	);
	expect(kling.elements).toHaveLength(12);
	expect(kling.counters.elementTasksMade).toBe(12);
	const again = await engine.runNode({ type: 'klingElement', parameters, items });
	expect(again.items.map(({ json }) => json.element_id)).toEqual(
		run.items.map(({ json }) => json.element_id),
	);
	expect(kling.counters.elementTasksMade).toBe(12);
});
