import { makeImage, startKling, type Kling } from '../kling';
import { startEngine } from '../support/engine';
import { loadSource, type PackageTypes } from '../support/engine/package-types';
import { credentialFor } from '../support/stage';
import { watchWalk, type Walk } from '../support/walk';
import { readDocument } from '../unit/docs/markdown';

/** CONTRIBUTING lists the files that an image and a callback go through; here they go, and are watched. */

let kling: Kling;
beforeAll(async () => {
	kling = await startKling({ mode: 'auto', durationMs: [0, 0] });
});
afterAll(async () => await kling.close());

async function start(name: string, isOnTheWay: Parameters<typeof watchWalk>[1]) {
	const types = await loadSource();
	const walk = watchWalk(types.nodes[name] as Walk['type'], isOnTheWay);
	const nodeTypes: PackageTypes = { ...types, nodes: { ...types.nodes, [name]: walk.type } };
	const credentials = { klingApi: credentialFor(kling) };
	return { walk, engine: await startEngine({ nodeTypes, credentials }) };
}

function listed(heading: string): string[] {
	const [, text = ''] = readDocument('CONTRIBUTING.md').split(`### ${heading}\n`);
	const [list = ''] = text.split('\n#');
	return [...list.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => `nodes/${file}`);
}

it('an image goes through Create Task as CONTRIBUTING says, in at most 14 files', async () => {
	const { walk, engine } = await start(
		'klingAiMultiShot',
		(method, first) =>
			['assertBinaryData', 'getBinaryDataBuffer', 'httpRequestWithAuthentication'].includes(
				method,
			) || first === 'binaryPropertyName',
	);
	const content = await makeImage({ width: 300, height: 300, type: 'png' });
	const data = await engine.binary({ content });
	await engine.runNode({
		parameters: { operation: 'create', imageSource: 'binary', waitForCompletion: false },
		items: [{ json: {}, binary: { data } }],
	});
	engine.stop();

	expect(kling.count('create')).toBe(1);
	expect(walk.files()).toEqual(listed('An image through Create Task'));
	expect(walk.files().length).toBeLessThanOrEqual(14);
});

it('an element goes through Create Element as CONTRIBUTING says, in at most 14 files', async () => {
	const { walk, engine } = await start(
		'klingElement',
		(method, first) => method === 'httpRequestWithAuthentication' || first === 'imageUrl',
	);
	const { task_id } = kling.createTask({ status: 'succeed' });
	const front_image_url = kling.imageUrl(await makeImage({ width: 300, height: 300, type: 'png' }));
	await engine.runNode({
		type: 'klingElement',
		parameters: {
			operation: 'create',
			elementName: 'Robot',
			elementDescription: 'A small toy robot',
			waitForCompletion: false,
		},
		items: [{ json: { task_id, front_image_url } }],
	});
	engine.stop();

	expect(kling.count('createElement')).toBe(1);
	expect(walk.files()).toEqual(listed('An element through Create Element'));
	expect(walk.files().length).toBeLessThanOrEqual(14);
});

it('a callback goes through the trigger as CONTRIBUTING says, in at most 12 files', async () => {
	const { walk, engine } = await start('klingAiMultiShotTrigger', () => true);
	const listener = engine.listen();
	const { task_id } = kling.createTask({ callback_url: listener.url });
	await kling.move(task_id, 'succeed');
	await listener.settled();
	engine.stop();

	expect(listener.outcomes.at(-1)?.workflowData).toHaveLength(1);
	expect(walk.files()).toEqual(listed('A callback through the trigger'));
	expect(walk.files().length).toBeLessThanOrEqual(12);
});
