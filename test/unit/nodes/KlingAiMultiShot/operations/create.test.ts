import { picture } from '../../../../kling';
import { startStage, type Stage } from '../../../../support/stage';

let stage: Stage;

beforeAll(async () => {
	stage = await startStage();
});
afterAll(async () => await stage.close());
beforeEach(() => stage.kling.reset());

test('makes a task of a picture by its URL and waits for it', async () => {
	const { kling, engine } = stage;
	const imageUrl = kling.pictureUrl(await picture({ width: 400, height: 400, type: 'png' }));
	const run = await engine.runNode({
		parameters: { operation: 'create', imageSource: 'url', imageUrl, options: { pollInterval: 1 } },
	});
	expect(run.error).toBeUndefined();
	expect(run.items).toHaveLength(1);
	const [task] = kling.tasks;
	expect(run.items[0]).toMatchObject({
		json: { task_id: task?.task_id, task_status: 'succeed', completed: true },
		pairedItem: { item: 0 },
	});
	expect(kling.count('create')).toBe(1);
});
