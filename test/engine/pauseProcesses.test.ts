import type { INodeType } from 'n8n-workflow';
import { makeImage, startKling, type Kling } from '../kling';
import { useFastTime } from '../support/fastTime';
import { startEngine, type Engine, type PackageTypes, type Run } from '../support/engine';
import { loadSource } from '../support/engine/package-types';
import { credentialFor } from '../support/stage';
import { WHOLE_TASK } from '../support/parameters';

useFastTime();

/** Callbacks of one execution come to two webhook processors in turn, which share no memory. */

const SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';

let kling: Kling;
let engine: Engine;
let imageBase64: string;

beforeAll(async () => {
	kling = await startKling({ mode: 'manual' });
	engine = await startEngine({ nodeTypes: await inTwoProcesses() });
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
afterAll(async () => {
	engine.stop();
	await kling.close();
});
beforeEach(() => kling.reset());

/** The package, each of whose modules is there twice. */
async function inTwoProcesses(): Promise<PackageTypes> {
	const types = await loadAlone();
	const processors = [nodeOf(types), nodeOf(await loadAlone())];
	const node = Object.create(nodeOf(types)) as INodeType;
	let calls = 0;
	node.webhook = async function () {
		return (await processors[calls++ % 2]?.webhook?.call(this)) ?? {};
	};
	return { ...types, nodes: { ...types.nodes, klingAiMultiShot: node } };
}

async function loadAlone(): Promise<PackageTypes> {
	let types: PackageTypes | undefined;
	await jest.isolateModulesAsync(async () => {
		types = await loadSource();
	});
	return types ?? (await loadSource());
}

const nodeOf = ({ nodes }: PackageTypes) => nodes['klingAiMultiShot'] as INodeType;

async function pauseTwo(webhookSecret = ''): Promise<Run> {
	kling.switches.callbackBody = 'documented';
	kling.webhookSecret = webhookSecret;
	const paused = await engine.runNode({
		credentials: { klingApi: { ...credentialFor(kling), webhookSecret } },
		items: [{ json: { item: 0 } }, { json: { item: 1 } }],
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitMode: 'callback',
		},
	});
	expect(paused.status).toBe('waiting');
	return paused;
}

async function finishBoth(): Promise<void> {
	await Promise.all(kling.tasks.map(async ({ task_id }) => await kling.move(task_id, 'succeed')));
}

const completed = ({ items }: Run) => items.map(({ json }) => json['completed']);

it.each([
	['signed', SECRET],
	['unsigned', ''],
])('%s callbacks at one moment, with the API behind them, wake it', async (_how, secret) => {
	kling.switches.queryLagMs = 1_000;
	const paused = await pauseTwo(secret);
	await finishBoth();
	expect(completed(await engine.nextRun(paused))).toEqual([true, true]);
});

it('the last callback wakes it also where the first look at the other task fails', async () => {
	const paused = await pauseTwo();
	const [first, last] = kling.tasks.map(({ task_id }) => task_id);
	await kling.move(first ?? '', 'succeed');
	kling.fault({ on: 'get', kind: 'error', code: 5000, ...(first && { task_id: first }) });
	await kling.move(last ?? '', 'succeed');
	expect(completed(await engine.nextRun(paused))).toEqual([true, true]);
});
