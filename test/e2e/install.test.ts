import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { version as VERSION } from '../../package.json';
import {
	connect,
	installN8n,
	LATER,
	outputOf,
	PACKAGE_NAME,
	packLater,
	startN8n,
	startRegistry,
	type N8nApi,
	type N8nServer,
	type Registry,
} from '../support/n8n';
import { settle } from '../support/tally';
import { communityNodes } from './communityNodes';
import { openEditor, type Editor } from './editor';
import { after, itemsNode, pausingNode, run } from './pausing';
import { place, tell } from './shared';
import { openStage, singleNodeWorkflow, type Stage } from './stage';
import { activeTrigger, TRIGGER } from './triggerStage';

const LATER_VERSION = VERSION.replace(/\d+$/, (patch) => String(Number(patch) + 1));
/** Nobody listens there: n8n's own questions about packages do not leave this machine. */
const NOWHERE = 'http://127.0.0.1:9';

/** An n8n of this file's own, with nothing installed and a registry beside it. */
let folder: string;
let registry: Registry;
let server: N8nServer;
let api: N8nApi;
let editor: Editor;
let stage: Stage | undefined;

beforeAll(async () => {
	const { owner, tarball, version } = place();
	const report = (line: string): void => console.log(line);
	folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-e2e-install-'));
	registry = await startRegistry(folder, report);
	await registry.publish(tarball);
	const n8n = await installN8n(report, version);
	const PATH = [registry.npmFolder, dirname(n8n.nodeBinary), process.env['PATH']].join(':');
	server = await startN8n({
		n8n,
		userFolder: folder,
		logFile: join(folder, 'n8n.log'),
		environment: { PATH, HTTPS_PROXY: NOWHERE, NO_PROXY: '127.0.0.1' },
	});
	tell({ ...place(), baseUrl: server.baseUrl });
	api = connect(server.baseUrl, version);
	await api.logIn(owner);
	editor = await openEditor();
}, 300_000);
afterAll(async () => {
	await editor.close();
	await stage?.close();
	await server.kill();
	await registry.stop();
	await rm(folder, { recursive: true, force: true });
});

/** What the editor knows of this package: descriptions by names. */
async function installed(): Promise<Record<string, string>> {
	const ours = (await api.nodeTypes()).filter(({ name }) => name.startsWith(`${PACKAGE_NAME}.`));
	return Object.fromEntries(
		ours.map(({ name, description }) => [name.slice(PACKAGE_NAME.length + 1), description]),
	);
}

/** Runs a saved workflow, which makes a task. Gives the task's id. */
async function create(workflowId: string): Promise<string> {
	const execution = await api.waitUntilFinished(await api.run(workflowId, 'Start'));
	expect(execution.status).toBe('success');
	return String(outputOf(execution, 'Kling')[0]?.json['task_id']);
}

it('installed, used, updated while an execution is paused, and removed, all in the editor', async () => {
	const nodes = communityNodes(editor);
	await nodes.install(VERSION);
	await editor.shoot('community-nodes', 600);
	expect(Object.keys(await installed())).toEqual(
		expect.arrayContaining(['klingAiMultiShot', 'klingAiMultiShotTrigger']),
	);

	stage = await openStage();
	const { kling, imageUrl, put } = stage;
	const trigger = await activeTrigger(stage);
	const parameters = {
		operation: 'create',
		imageUrl: imageUrl,
		waitForCompletion: false,
		options: { callbackUrl: trigger.url },
	};
	const { id } = await put(singleNodeWorkflow(parameters, [{}]));
	const before = await create(id);
	const paused = await run(stage, itemsNode([{}]), pausingNode(stage), after);
	await api.waitFor(paused, ['waiting'], 30_000);
	const waitedFor = kling.tasks.find(({ task_id }) => task_id !== before)?.task_id ?? '';

	await registry.publish(await packLater(place().tarball, LATER_VERSION, folder));
	await nodes.update(LATER_VERSION);
	expect((await installed())['klingAiMultiShot']).toMatch(LATER);

	await kling.move(waitedFor, 'succeed');
	const woken = outputOf(await api.waitUntilFinished(paused), after.name);
	expect(woken).toMatchObject([{ json: { task_id: waitedFor, completed: true } }]);
	const afterwards = await create(id);
	await kling.move(afterwards, 'succeed');
	const [triggered] = await trigger.executions(1);
	const started = outputOf(await api.getExecution(triggered?.id ?? ''), TRIGGER);
	expect(started).toMatchObject([{ json: { task_id: afterwards, task_status: 'succeed' } }]);
	settle('Updated while an execution is paused', {
		wanted: 3,
		charged: kling.counters.tasksCharged,
		found: [before, waitedFor, afterwards],
	});

	await nodes.remove();
	expect(await installed()).toEqual({});
}, 300_000);
