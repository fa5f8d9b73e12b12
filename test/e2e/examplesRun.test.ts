import { imageSize } from 'image-size';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeImage } from '../kling';
import { startModel } from '../support/model';
import {
	failureOf,
	nodeNamed,
	outputOf,
	readExample,
	withCredential,
	withParameters,
	withValues,
	type Execution,
	type Workflow,
} from '../support/n8n';
import { settle } from '../support/tally';
import { keepEnding } from './creating';
import { place } from './shared';
import { useStage } from './stage';
import { executionsOf } from './triggerStage';

// Five more run elsewhere: image-to-element and characters-in-bulk in element.test.ts, callback-to-files in
// trigger.test.ts, reconciliation in triggerReconciliation.test.ts, pause-with-if-loop in pauseLoop.test.ts.
const stage = useStage(() => stopEnding());
let stopEnding: () => void;
beforeAll(async () => {
	stopEnding = keepEnding(stage.kling);
});
beforeEach(() => stage.kling.reset());

async function finished(executionId: string): Promise<Execution> {
	const execution = await stage.api.waitUntilFinished(executionId);
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	return execution;
}

async function run(workflow: Workflow, trigger = 'Start', triggered?: object): Promise<Execution> {
	const { id } = await stage.put(workflow);
	return await finished(await stage.api.run(id, trigger, triggered));
}

const NODE = 'Kling AI Multi-Shot';
const VIEWS = ['1_1', '1_2', '1_3', '2_1', '2_2', '2_3', '3_1', '3_2', '3_3'];

it('image-url-to-files makes nine files of one image', async () => {
	const { api, kling, imageUrl } = stage;
	const example = await readExample('image-url-to-files');
	const execution = await run(withParameters(example, NODE, { imageUrl: imageUrl }));
	const files = outputOf(execution, NODE).flatMap(({ binary }) => binary?.['data'] ?? []);
	expect(files).toHaveLength(9);
	for (const file of files)
		expect(imageSize(await api.binary(file))).toMatchObject({ type: 'png' });
	expect(kling.counters).toMatchObject({ tasksCharged: 1, authorizedViews: 0 });
});

it('pause-until-callback: Kling ends the pause, and each view comes with its file', async () => {
	const { api, kling, imageUrl } = stage;
	const example = await readExample('pause-until-callback');
	const execution = await run(withParameters(example, NODE, { imageUrl: imageUrl }));
	const items = outputOf(execution, 'One Item per View');
	expect(items.map(({ json }) => json['name'])).toEqual(VIEWS.map((view) => `image_${view}`));
	const files = items.flatMap(({ binary }) => binary?.['data'] ?? []);
	expect(files).toHaveLength(9);
	for (const file of files.slice(0, 1))
		expect(imageSize(await api.binary(file))).toMatchObject({ type: 'png' });
	const callback = kling.tasks[0]?.callback_url ?? '';
	expect(new URL(callback).pathname).toMatch(/\/webhook-waiting\/.+\/kling-ai-multi-shot$/);
	expect(kling.counters.tasksCharged).toBe(1);
});

it('folder-to-views: each image gives nine files, what fails says why, and a second run costs nothing', async () => {
	const { kling } = stage;
	const folder = await mkdtemp(join(place().filesFolder ?? '', 'folder-'));
	const [images, views] = [join(folder, 'images'), join(folder, 'views')];
	for (const one of [images, views]) await mkdir(one);
	const names = ['red.shoe.png', 'blue.jpg', 'green.png'];
	for (const [variant, name] of names.entries()) {
		const type = name.endsWith('jpg') ? 'jpeg' : 'png';
		await writeFile(join(images, name), await makeImage({ variant, type }));
	}
	await writeFile(join(images, 'broken.png'), 'no image at all');
	const example = withValues(await readExample('folder-to-views'), 'Folders', { images, views });
	const expected = ['blue', 'green', 'red.shoe'].flatMap((name) =>
		VIEWS.map((view) => `${name}_${view}.png`),
	);
	for (const scenario of ['a folder of images', 'the same folder again']) {
		const execution = await run(example);
		expect((await readdir(views)).sort()).toEqual(expected);
		const [reason, ...others] = outputOf(execution, 'Reason').map(({ json }) => json);
		expect(others).toEqual([]);
		expect(reason).toEqual({
			image: 'broken.png',
			reason: expect.stringContaining('is not a JPEG or PNG') as string,
		});
		settle(scenario, {
			wanted: 3,
			charged: kling.counters.tasksCharged,
			found: outputOf(execution, 'Save Views').map(({ json }) => String(json['task_id'])),
		});
	}
	const view = await readFile(join(views, 'green_2_2.png'));
	expect(imageSize(view)).toMatchObject({ type: 'png' });
});

it('fleet-with-trigger: the tasks are created at once, and come out as Kling calls', async () => {
	const { api, kling } = stage;
	const example = await readExample('fleet-with-trigger');
	const { webhookId = '' } = nodeNamed(example, 'Kling AI Multi-Shot Trigger');
	const callbackUrl = `${api.session.baseUrl}/webhook/${webhookId}/kling-ai-multi-shot`;
	const ids = ['sneaker-1', 'sneaker-2', 'sneaker-3'];
	const images = await Promise.all(
		ids.map(async (id, variant) => ({
			id,
			imageUrl: kling.imageUrl(await makeImage({ variant })),
		})),
	);
	const jsonOutput = JSON.stringify({ callbackUrl, images });
	const workflow = await stage.put(withParameters(example, 'Images', { jsonOutput }));
	await api.activate(workflow);
	try {
		await finished(await api.run(workflow.id, 'Start'));
		const runs = await executionsOf(stage, workflow.id, 1 + ids.length);
		const called = runs.filter(({ mode }) => mode === 'webhook');
		const executions = await Promise.all(called.map(async ({ id }) => await finished(id)));
		const items = executions.map((execution) => outputOf(execution, 'Your Storage'));
		settle('a fleet of tasks', {
			wanted: ids.length,
			charged: kling.counters.tasksCharged,
			found: items.flat().map(({ json }) => String(json['task_id'])),
		});
		const seen = items.map((views) => views[0]?.json['external_task_id']);
		expect(seen.sort()).toEqual(ids.map((id) => `fleet-${id}`));
		for (const views of items)
			expect(views.filter(({ binary }) => binary?.['data'])).toHaveLength(9);
	} finally {
		await api.deactivate(workflow.id);
	}
});

it('ai-agent: a question in the chat, an answer with the addresses of the views', async () => {
	const { api, kling, imageUrl } = stage;
	const model = await startModel();
	try {
		const { baseUrl: url, apiKey } = model;
		const openAi = await api.createCredential('Local model', 'openAiApi', { url, apiKey });
		model.answer = ({ question, results: [result] }) =>
			result
				? String(/"url_1":"([^"]+)"/.exec(result.output)?.[1])
				: [{ name: 'Create_Views', arguments: { Image_URL: question.split(' ').at(-1) } }];
		const execution = await run(
			withCredential(await readExample('ai-agent'), openAi),
			'When Chat Message Received',
			{ sessionId: 'e2e', action: 'sendMessage', chatInput: `Create views of ${imageUrl}` },
		);
		const [answer] = outputOf(execution, 'AI Agent');
		expect(answer?.json['output']).toContain(`/views/${kling.tasks[0]?.task_id}/0_1.png`);
		expect(kling.counters.tasksCharged).toBe(1);
		expect(model.turns[0]?.tools.map(({ name }) => name).sort()).toEqual([
			'Create_Views',
			'Get_Task',
		]);
	} finally {
		await model.close();
	}
});
