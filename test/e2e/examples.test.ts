import { imageSize } from 'image-size';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

import {
	failureOf,
	outputOf,
	pictureAssignment,
	readExample,
	withParameters,
} from '../support/n8n';
import { openStage, type Stage } from './stage';

const FOLDER = resolve(__dirname, '../../docs/workflows');

let stage: Stage;
beforeAll(async () => {
	stage = await openStage();
});
afterAll(async () => await stage.close());

test.each(readdirSync(FOLDER))('%s names only nodes and versions that n8n has', async (file) => {
	const example = await readExample(file.replace('.json', ''));
	const nodeTypes = await stage.api.nodeTypes();
	for (const { type, typeVersion } of example.nodes) {
		const versions = nodeTypes
			.filter(({ name }) => name === type)
			.flatMap(({ version }) => version);
		expect([type, versions]).toEqual([type, expect.arrayContaining([typeVersion])]);
	}
});

test.each(readdirSync(FOLDER))('%s holds no credential and no pinned data', async (file) => {
	const example = await readExample(file.replace('.json', ''));
	expect(example.nodes.filter(({ credentials }) => credentials)).toEqual([]);
	expect(example).toMatchObject({ pinData: {} });
});

// callback-to-files runs in trigger.test.ts.
test('picture-url-to-files makes nine picture files from one picture', async () => {
	const { api, kling } = stage;
	const example = await readExample('picture-url-to-files');
	const assignment = pictureAssignment(stage.pictureUrl);
	const workflow = await stage.put(withParameters(example, 'Picture', assignment));
	const executionId = await api.run(workflow.id, 'Start');
	await kling.until(() => kling.tasks.length === 1);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	const execution = await api.waitUntilFinished(executionId);
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);

	const files = outputOf(execution, 'Pictures').map(({ binary }) => binary?.['data']);
	expect(files).toHaveLength(9);
	for (const file of files) {
		if (file === undefined) throw new Error('No file');
		expect(imageSize(await api.binary(file))).toMatchObject({ type: 'png' });
	}
	expect(kling.counters).toMatchObject({ tasksCharged: 1, authorizedPictures: 0 });
});
