import type { INodeType } from 'n8n-workflow';

import { makeImage, startKling, type Kling } from '../kling';
import { startEngine, type Engine, type PackageTypes, type Run } from '../support/engine';
import { loadBuiltPackage, loadSource } from '../support/engine/package-types';
import { useFastTime } from '../support/fastTime';
import { unpackOldPackage, type OldPackage } from '../support/oldPackage';
import { credentialFor } from '../support/stage';

useFastTime();

/** An execution that one version of the package has parked goes on under another one. */

const NODE = 'klingAiMultiShot';

let kling: Kling;
let engine: Engine;
let old: OldPackage;
let versions: Record<'old' | 'new', PackageTypes>;
let installed: 'old' | 'new' = 'old';

const nodeOf = (version: 'old' | 'new') => versions[version].nodes[NODE] as INodeType;

/** What n8n has loaded, as an update changes it. */
const loaded = <T extends object>(of: (version: 'old' | 'new') => T): T =>
	new Proxy({} as T, {
		get: (_target, key): unknown => Reflect.get(of(installed), key),
		has: (_target, key) => Reflect.has(of(installed), key),
	});

beforeAll(async () => {
	kling = await startKling({ mode: 'manual' });
	old = await unpackOldPackage();
	// n8n's loader needs the engine's services.
	const idle = await startEngine({ nodeTypes: { nodes: {}, credentials: {} } });
	versions = { old: await loadBuiltPackage(old.folder), new: await loadSource() };
	engine = await startEngine({
		nodeTypes: { nodes: { [NODE]: loaded(nodeOf) }, credentials: versions.new.credentials },
		credentials: { klingApi: credentialFor(kling) },
	});
	idle.stop();
});
afterAll(async () => {
	engine.stop();
	await kling.close();
	old.remove();
});
beforeEach(() => kling.reset());

/** With the defaults of each version. */
async function pauseTwo(): Promise<Run> {
	const imageUrl = kling.imageUrl(await makeImage());
	const paused = await engine.runNode({
		items: [{ json: {} }, { json: {} }],
		parameters: {
			operation: 'create',
			imageUrl,
			waitMode: 'callback',
			options: { timeout: 600, maxConcurrent: 1 },
		},
	});
	expect(paused.status).toBe('waiting');
	return paused;
}

/** Parked by one version, gone on under the other one. */
async function parkedBy(first: 'old' | 'new', byCallback: boolean): Promise<Run> {
	installed = first;
	const paused = await pauseTwo();
	installed = first === 'old' ? 'new' : 'old';
	if (!byCallback) return await engine.resumeByTimer(paused);
	for (const { task_id } of kling.tasks) await kling.move(task_id, 'succeed');
	return await engine.nextRun(paused);
}

it('the two versions are two', () => {
	expect(nodeOf('old').description.webhooks).toEqual(nodeOf('new').description.webhooks);
	const names = ({ properties }: INodeType['description']) => properties.map(({ name }) => name);
	expect(names(nodeOf('old').description)).not.toContain('pausedVersion');
	expect(names(nodeOf('new').description)).toContain('pausedVersion');
});

describe.each(['old', 'new'] as const)(
	'parked by the %s version, gone on under the other',
	(by) => {
		it('the last callback wakes it: the tasks, without files', async () => {
			const run = await parkedBy(by, true);
			expect(run.status).toBe('success');
			expect(run.items).toHaveLength(2);
			for (const [item, { json, binary, pairedItem }] of run.items.entries()) {
				expect(json).toMatchObject({
					task_id: kling.tasks[item]?.task_id,
					task_status: 'succeed',
					completed: true,
					expires_at: expect.any(String) as string,
					task_result: { images: expect.any(Array) as unknown[] },
				});
				expect(json).not.toHaveProperty('download_errors');
				expect(binary).toBeUndefined();
				expect(pairedItem).toEqual({ item });
			}
		});

		it('the deadline ends it: the tasks as they were parked, and no version in them', async () => {
			const run = await parkedBy(by, false);
			expect(run.status).toBe('success');
			expect(run.items.map(({ json }) => [json['task_id'], json['completed']])).toEqual(
				kling.tasks.map(({ task_id }) => [task_id, false]),
			);
			expect(JSON.stringify(run.items)).not.toContain('"version"');
		});
	},
);

it('parked and woken by the new version it has its files', async () => {
	installed = 'new';
	const paused = await pauseTwo();
	for (const { task_id } of kling.tasks) await kling.move(task_id, 'succeed');
	const { items } = await engine.nextRun(paused);
	for (const { binary } of items) expect(Object.keys(binary ?? {})).toHaveLength(9);
});
