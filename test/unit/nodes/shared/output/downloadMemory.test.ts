import { makeImage } from '../../../../kling';
import { useStage } from '../../../../support/stage';
import { downloadFrom, failedBecause, finishedTask, get, sizeOf, storedIn } from './imagesGiven';

/** As in queue mode: n8n reads the stream into memory by itself. Without n8n's database the file stays there. */
const MODE = 'N8N_DEFAULT_BINARY_DATA_MODE';
const before = process.env[MODE];

beforeAll(() => {
	process.env[MODE] = 'database';
});
const stage = useStage();
afterAll(() => {
	if (before === undefined) delete process.env[MODE];
	else process.env[MODE] = before;
});
beforeEach(() => stage.kling.reset());

it('puts each image out whole where n8n keeps binary data in its database', async () => {
	const { task_id } = finishedTask(stage.kling);
	const run = await stage.engine.runNode({ parameters: get(task_id) });
	const stored = await storedIn(stage, run.items[0]);
	expect(stored).toHaveLength(9);
	for (const { file, bytes } of stored) {
		expect(file.id).toBeUndefined();
		expect(sizeOf(bytes)).toMatch(/^\d+ × \d+$/);
	}
	const bytes = await makeImage({ minimumBytes: 5 * 1024 * 1024 });
	const large = await downloadFrom(stage, stage.kling.imageUrl(bytes));
	expect(large.stored?.bytes.equals(bytes)).toBe(true);
});

it('holds the limit there, too', async () => {
	const url = stage.kling.serve('endless.png', await makeImage(), { endless: true });
	const { errors } = await downloadFrom(stage, url);
	expect(errors).toEqual(failedBecause('The image is larger than 50 MB'));
});
