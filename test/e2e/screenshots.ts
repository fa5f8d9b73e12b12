import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { startKling, type Kling } from '../kling';
import {
	ACTION_TYPE,
	connect,
	CREDENTIAL_TYPE,
	installN8n,
	installNodes,
	ownerOf,
	packNodes,
	pictureAssignment,
	readExample,
	startN8n,
	withCredential,
	withParameters,
	type N8nApi,
	type StoredCredential,
	type Workflow,
} from '../support/n8n';
import { openEditor, type Editor } from './editor';
import { link, node, start } from './nodes';

const SHOTS = resolve(__dirname, '../../docs/screenshots');
const PICTURE = resolve(__dirname, '../demo/product.png');
/** Until the editor's movements have come to rest. */
const SETTLED_MS = 800;

const PANELS = {
	create: 'Create Task',
	get: 'Get Task',
	list: 'List Tasks',
	wait: 'Wait for Task',
};

/** One node an operation, in a row that can be run. */
function panelWorkflow(imageUrl: string): Workflow {
	const taskId = { __rl: true, mode: 'id', value: '={{ $json.task_id }}' };
	const parameters: Record<keyof typeof PANELS, Record<string, unknown>> = {
		create: { imageUrl, waitForCompletion: false },
		wait: { taskId, options: { pollInterval: 1 } },
		get: { taskId },
		list: { filters: { statuses: ['succeed'] } },
	};
	const nodes = Object.entries(parameters).map(([operation, fields], index) => ({
		...node(PANELS[operation as keyof typeof PANELS], ACTION_TYPE, 1, { operation, ...fields }),
		position: [(index + 1) * 240, 0] as [number, number],
	}));
	const names = ['Start', ...nodes.map(({ name }) => name)];
	return { name: 'Every operation', nodes: [start, ...nodes], connections: link(...names) };
}

async function putWorkflows(api: N8nApi, kling: Kling, credential: StoredCredential) {
	const imageUrl = kling.serve('product.png', await readFile(PICTURE));
	const example = withParameters(
		await readExample('picture-url-to-files'),
		'Picture',
		pictureAssignment(imageUrl),
	);
	return {
		example: await api.createWorkflow(withCredential(example, credential)),
		callback: await api.createWorkflow(
			withCredential(await readExample('callback-to-files'), credential),
		),
		panels: await api.createWorkflow(withCredential(panelWorkflow(imageUrl), credential)),
	};
}

async function takeAll(
	editor: Editor,
	workflows: Awaited<ReturnType<typeof putWorkflows>>,
	credential: StoredCredential,
): Promise<void> {
	const shoot = async (name: string): Promise<void> => {
		await editor.page.mouse.move(0, 0);
		await pause(SETTLED_MS);
		await editor.page.screenshot({ path: join(SHOTS, `${name}.png`) });
		console.log(`docs/screenshots/${name}.png`);
	};
	await editor.openWorkflow(workflows.example.id);
	await editor.execute();
	await shoot('example-picture-url-to-files');
	await editor.openPanel('Kling AI Multi-Shot');
	await shoot('example-output');
	await editor.openWorkflow(workflows.callback.id);
	await shoot('example-callback-to-files');
	await editor.openPanel('Kling AI Multi-Shot Trigger');
	await editor.page.getByText('Webhook URLs').click();
	await shoot('panel-trigger');
	await editor.openWorkflow(workflows.panels.id);
	await editor.execute();
	for (const [operation, name] of Object.entries(PANELS)) {
		await editor.openPanel(name);
		await shoot(`panel-${operation}`);
		await editor.closePanel();
	}
	await editor.openCredential(credential.id);
	await shoot('credential');
}

async function main(): Promise<void> {
	await mkdir(SHOTS, { recursive: true });
	const dataFolder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-screenshots-'));
	const n8n = await installN8n((line) => console.log(line));
	await installNodes(await packNodes(dataFolder), dataFolder);
	const logFile = join(dataFolder, 'n8n.log');
	const server = await startN8n({ n8n, userFolder: dataFolder, logFile });
	const kling = await startKling({ mode: 'auto', durationMs: [1_000, 2_000] });
	try {
		const api = connect(server.baseUrl, n8n.version);
		const owner = await ownerOf(dataFolder);
		await api.logIn(owner);
		const credential = await api.createCredential('Kling API (local)', CREDENTIAL_TYPE, {
			authentication: 'accessKey',
			accessKey: kling.accessKey,
			secretKey: kling.secretKey,
			region: 'custom',
			baseUrl: kling.baseUrl,
		});
		const workflows = await putWorkflows(api, kling, credential);
		const editor = await openEditor(server.baseUrl, owner);
		try {
			await takeAll(editor, workflows, credential);
		} catch (error) {
			await editor.page.screenshot({ path: join(dataFolder, '..', 'screenshots-failed.png') });
			throw error;
		} finally {
			await editor.close();
		}
	} finally {
		await server.stop();
		await kling.close();
		await rm(dataFolder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
