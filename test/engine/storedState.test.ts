import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { INodeExecutionData, INodeType } from 'n8n-workflow';

import { STATE_VERSION } from '../../nodes/shared/waiting/parkedState';
import { makeImage, startKling, type Kling } from '../kling';
import { startEngine, type Engine, type PackageTypes, type Run } from '../support/engine';
import { loadBuiltPackage, loadSource } from '../support/engine/package-types';
import { useFastTime } from '../support/fastTime';
import { unpackOldPackage } from '../support/oldPackage';
import { WHOLE_TASK } from '../support/parameters';
import { credentialFor } from '../support/stage';

useFastTime();

/**
 * What n8n's database holds of a running or paused execution, and what users' data refers to, by version. A change
 * here needs a new STATE_VERSION, a new entry in storedState.json, and a word in docs/reference.md, "What is stored".
 */
const RECORDED = JSON.parse(readFileSync(resolve(__dirname, 'storedState.json'), 'utf8')) as Record<
	string,
	unknown
>;

const REFERENCE = readFileSync(resolve(__dirname, '../../docs/reference.md'), 'utf8');

interface Setting {
	kling: Kling;
	engine: Engine;
	types: PackageTypes;
}

const open: Setting[] = [];
const removals: Array<() => void> = [];
afterAll(async () => {
	for (const { engine, kling } of open) {
		engine.stop();
		await kling.close();
	}
	for (const remove of removals) remove();
});

async function settingOf(loaded: Promise<PackageTypes>): Promise<Setting> {
	const kling = await startKling({ mode: 'manual' });
	// n8n's loader needs the engine's services.
	const idle = await startEngine({ nodeTypes: { nodes: {}, credentials: {} } });
	const types = await loaded;
	const engine = await startEngine({
		nodeTypes: types,
		credentials: { klingApi: credentialFor(kling) },
	});
	idle.stop();
	const setting = { kling, engine, types };
	open.push(setting);
	return setting;
}

/** Passed through as it came, whatever it is. */
const KLINGS_OWN = /^(task_(status_msg|info|result)|(created|updated)_at|final_\w+)$/;

/** Types in the place of values, but for the version; without what Kling alone decides. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return [...new Set(value.map(shapeOf))];
	if (typeof value !== 'object' || value === null) return typeof value;
	if (value instanceof Error) return 'Error';
	const entries = Object.entries(value).filter(
		([key, one]) => one !== undefined && !KLINGS_OWN.test(key),
	);
	return Object.fromEntries(
		entries
			.sort(([a], [b]) => a.localeCompare(b))
			.map(([key, one]) => [key, key === 'version' ? (one as unknown) : shapeOf(one)]),
	);
}

/** As they stand on n8n's stack of what is to be run. */
function parked({ raw, status }: Run): INodeExecutionData[] {
	expect(status).toBe('waiting');
	return raw.data.executionData?.nodeExecutionStack[0]?.data['main']?.[0] ?? [];
}

/** One task that is open, one that had finished before, and an item that was refused. */
async function pauseCreate({ kling, engine }: Setting): Promise<Run> {
	const imageUrl = kling.imageUrl(await makeImage());
	kling.createTask({ external_task_id: 'order-1', status: 'succeed' });
	return await engine.runNode({
		executionId: '1001',
		items: [
			{ json: { imageUrl, id: '' } },
			{ json: { imageUrl, id: 'order-1' } },
			{ json: { imageUrl: 'no address', id: '' } },
		],
		nodeSettings: { onError: 'continueRegularOutput' },
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageUrl: '={{ $json.imageUrl }}',
			waitMode: 'callback',
			options: { externalTaskId: '={{ $json.id }}' },
		},
	});
}

async function pauseWait({ kling, engine }: Setting): Promise<Run> {
	const tasks = [kling.createTask({ status: 'succeed' }), kling.createTask()];
	return await engine.runNode({
		items: tasks.map(({ task_id }) => ({ json: { task_id } })),
		parameters: { operation: 'wait', waitMode: 'timer' },
	});
}

async function stopCreate({ kling, engine }: Setting): Promise<Run> {
	const imageUrl = kling.imageUrl(await makeImage());
	kling.fault({ on: 'create', kind: 'slow', when: 'after', delayMs: 20_000 });
	const running = engine.runNode({
		parameters: { operation: 'create', imageUrl, waitForCompletion: false },
	});
	await kling.until(() => kling.tasks.length === 1);
	running.cancel();
	return await running;
}

async function stored(setting: Setting): Promise<Record<string, unknown>> {
	const { kling, engine, types } = setting;
	kling.reset();
	const created = await pauseCreate(setting);
	const [made] = kling.tasks.filter(({ callback_url }) => callback_url);
	const { pathname, searchParams } = new URL(made?.callback_url ?? '');
	const items = parked(created);
	kling.reset();
	const waited = parked(await pauseWait(setting));
	kling.reset();
	engine.logs.clear();
	const stopped = await stopCreate(setting);
	const { description } = types.nodes['klingAiMultiShot'] as INodeType;
	const hidden = description.properties.filter(({ type }) => type === 'hidden');
	return {
		parkedByCreate: shapeOf(items),
		parkedByWait: shapeOf(waited),
		hiddenParameters: Object.fromEntries(hidden.map(({ name, default: value }) => [name, value])),
		resumeUrl: `${pathname}?${[...searchParams.keys()].join('&')}`,
		madeId: made?.external_task_id,
		customData: Object.keys(stopped.raw.data.resultData.metadata ?? {}),
		log: engine.logs.entries
			.map(({ message }) => /^[^.]+ ended early\./.exec(message)?.[0])
			.filter(Boolean),
		context: created.raw.data.executionData?.contextData,
	};
}

it(`is version ${STATE_VERSION}, as it was recorded`, async () => {
	const setting = await settingOf(loadSource());
	expect(await stored(setting)).toEqual(RECORDED[STATE_VERSION]);
}, 60_000);

it('was version 1 in package 0.1.0, as it was recorded', async () => {
	const old = await unpackOldPackage();
	removals.push(old.remove);
	const { madeId, ...others } = await stored(await settingOf(loadBuiltPackage(old.folder)));
	// It was made from addresses, too, which no two runs of the test share.
	expect(madeId).toMatch(/^n8n-[\w-]{43}$/);
	expect(others).toEqual(RECORDED[1]);
}, 60_000);

it('is described for users, with every name that users or other versions meet', () => {
	const [, section = ''] = REFERENCE.split('## What is stored');
	const names = ['pausedItems', 'pausedVersion', 'kling-ai-multi-shot', 'kling_tasks', 'n8n-'];
	for (const name of names) expect(section).toContain(name);
	for (const version of Object.keys(RECORDED)) expect(section).toContain(`| ${version} `);
	expect(Object.keys(RECORDED)).toHaveLength(STATE_VERSION);
});
