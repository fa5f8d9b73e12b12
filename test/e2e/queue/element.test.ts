import { outputOf, readExample, withParameters } from '../../support/n8n';
import { settle } from '../../support/tally';
import { keepEnding } from '../creating';
import { useStage } from '../stage';
import { startsOf } from './stage';

let stopEnding = (): void => undefined;
const stage = useStage(() => stopEnding());
beforeAll(() => {
	stopEnding = keepEnding(stage.kling);
});
beforeEach(() => stage.kling.reset());

it('an image becomes an element on a worker, with all digits of its id', async () => {
	const { api, kling, imageUrl, put } = stage;
	const example = await readExample('image-to-element');
	const { id } = await put(withParameters(example, 'Create Views', { imageUrl: imageUrl }));
	const execution = await api.waitUntilFinished(await api.run(id, 'Start'));
	expect(execution.status).toBe('success');
	expect((await startsOf(execution.id)).sort()).toEqual([0, 1]);
	const [made] = outputOf(execution, 'Create Element');
	expect(made?.json['element_id']).toBe(kling.elements[0]?.element_id);
	expect(kling.counters.elementsMade).toBe(1);
	settle('An element made on a worker', {
		wanted: 1,
		charged: kling.counters.tasksCharged,
		found: kling.tasks.map(({ task_id }) => task_id),
	});
}, 120_000);
