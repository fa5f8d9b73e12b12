import { createHash } from 'node:crypto';

import { makeImage } from '../../kling';
import { outputOf, type Execution } from '../../support/n8n';
import { settle } from '../../support/tally';
import { node } from '../nodes';
import { after, chain, finish, itemsNode, klingNode, pausingNode, run } from '../pausing';
import { useStage } from '../stage';
import { activated, sendJson, TRIGGER, triggerWorkflow } from '../triggerStage';
import { at, cluster } from './stage';

const VIEWS = 9;

const stage = useStage();
beforeEach(() => stage.kling.reset());

/** Reads the file "data" of each item, in the process that runs the node. */
const hash = node('Hash', 'n8n-nodes-base.crypto', 1, {
	action: 'hash',
	type: 'SHA256',
	binaryData: true,
	binaryPropertyName: 'data',
	dataPropertyName: 'sha256',
	encoding: 'hex',
});

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** As the node "Hash" has read them on a worker. Gives the files with the bytes that they should have. */
async function expectSameBytes(execution: Execution, nodeName: string) {
	expect(execution.status).toBe('success');
	const hashes = outputOf(execution, hash.name).map(({ json }) => json['sha256']);
	const files = await Promise.all(
		outputOf(execution, nodeName).map(async ({ json, binary = {} }) => {
			const answer = await fetch(String(json['url']));
			return { file: binary['data'], bytes: Buffer.from(await answer.arrayBuffer()) };
		}),
	);
	expect(files).toHaveLength(VIEWS);
	expect(hashes).toEqual(files.map(({ bytes }) => sha256Of(bytes)));
	for (const { file } of files) expect(file?.id).toMatch(/^database:/);
	return files;
}

it('images that a worker downloads are the same on main', async () => {
	const { api, kling, imageUrl } = stage;
	const create = klingNode({
		operation: 'create',
		imageUrl: imageUrl,
		downloadImages: true,
		output: 'images',
		options: { pollInterval: 1 },
	});
	const executionId = await run(stage, itemsNode([{}]), create, hash);
	await kling.until(() => kling.tasks.length === 1, 30_000);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	const execution = await api.waitUntilFinished(executionId);
	for (const { file, bytes } of await expectSameBytes(execution, 'Kling'))
		expect(file && (await api.binary(file)).equals(bytes)).toBe(true);
	settle('Images downloaded on a worker', {
		wanted: 1,
		charged: kling.counters.tasksCharged,
		found: outputOf(execution, 'Kling').map(({ json }) => String(json['task_id'])),
	});
});

it('images that the webhook processor downloads are the same on a worker; n8n ties them to no execution', async () => {
	const { api, kling } = stage;
	const start = triggerWorkflow(`e2e-images-${Date.now()}`, {
		downloadImages: true,
		output: 'images',
	});
	const [trigger] = start.nodes;
	const workflow = trigger ? chain(start.name, trigger, hash) : start;
	const active = await activated(stage, workflow);
	const { task_id } = kling.createTask({ status: 'succeed' });
	const url = at(cluster().webhook, active.url);
	expect(await sendJson(url, { task_id, task_status: 'succeed' })).toBe(200);
	const [execution] = await active.executions(1);
	const [first] = await expectSameBytes(await api.getExecution(execution?.id ?? ''), TRIGGER);
	// So main does not show them, as little as what comes in by n8n's own Webhook node.
	if (first?.file) await expect(api.binary(first.file)).rejects.toMatchObject({ status: 404 });
	await active.close();
});

it('an image that comes in through the webhook processor reaches Kling from a worker unchanged', async () => {
	const { api, kling, put } = stage;
	const bytes = await makeImage({ width: 320, height: 400, type: 'png' });
	const path = `e2e-upload-${Date.now()}`;
	const hook = {
		...node('Hook', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path, options: {} }),
		webhookId: path,
	};
	const options = { externalTaskId: 'uploaded' };
	const create = { operation: 'create', imageSource: 'binary', waitForCompletion: false, options };
	const workflow = await put(chain('Upload', hook, klingNode(create)));
	await api.activate(workflow);
	const answer = await fetch(`${cluster().webhook.baseUrl()}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'image/png' },
		body: new Uint8Array(bytes),
	});
	expect(answer.status).toBe(200);
	await kling.until(() => kling.tasks.length === 1, 30_000);
	expect(kling.tasks[0]?.image).toEqual({ sha256: sha256Of(bytes), bytes: bytes.length });
	settle('An image uploaded to the webhook processor', {
		wanted: 1,
		charged: kling.counters.tasksCharged,
		found: kling.tasks.map(({ task_id }) => task_id),
	});
	await api.deactivate(workflow.id);
});

it('images that the webhook processor downloads after a pause are the same on main', async () => {
	const { api, kling } = stage;
	const executionId = await run(stage, itemsNode([{}]), pausingNode(stage), after);
	await api.waitFor(executionId, ['waiting'], 30_000);
	for (const { task_id } of kling.tasks) await finish(kling, task_id);
	const execution = await api.waitUntilFinished(executionId);
	expect(execution.status).toBe('success');
	const [item] = outputOf(execution, after.name);
	const files = Object.values(item?.binary ?? {});
	expect(files).toHaveLength(VIEWS);
	for (const [position, file] of files.entries()) {
		expect(file.id).toMatch(/^database:/);
		const url = (item?.json['image_urls'] as string[])[position] ?? '';
		const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
		expect((await api.binary(file)).equals(bytes)).toBe(true);
	}
	settle('Images after a pause in queue mode', {
		wanted: 1,
		charged: kling.counters.tasksCharged,
		found: [String(item?.json['task_id'])],
	});
});
