import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';

import { makeImage } from '../../../../../kling';
import type { Run } from '../../../../../support/engine';
import { useStage } from '../../../../../support/stage';

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300 })).toString('base64');
});
beforeEach(() => stage.kling.reset());

const items = (count: number) =>
	Array.from({ length: count }, (_, item) => ({ json: { item }, pairedItem: { item } }));

/** Stopped when `made` tasks exist. */
async function stopped(
	count: number,
	made: number,
	nodeSettings: { onError?: 'continueRegularOutput' } = {},
	waitForCompletion = false,
): Promise<Run> {
	const { engine, kling } = stage;
	const running = engine.runNode({
		items: items(count),
		nodeSettings,
		parameters: {
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitForCompletion,
			options: { maxConcurrent: 1 },
		},
	});
	await kling.until(() => kling.tasks.length === made);
	if (waitForCompletion) {
		await kling.until(() =>
			kling.requests.some(({ operation, ms }) => operation === 'get' && ms >= 0),
		);
		// The first check is answered: now the node sleeps until the next one.
		await pause(50);
	}
	running.cancel();
	return await running;
}

const customData = ({ raw }: Run): unknown => raw.data.resultData.metadata?.['kling_tasks'];

it.each([{}, { onError: 'continueRegularOutput' as const }])(
	'Stop in the middle of creates: the error says what was created and what may have been: %o',
	async (nodeSettings) => {
		const { engine, kling } = stage;
		engine.logs.clear();
		const open = { on: 'create', kind: 'slow', when: 'after', delayMs: 20_000, skip: 2 } as const;
		kling.fault(open);
		const run = await stopped(5, 3, nodeSettings);
		const [first, second, third] = kling.tasks;
		const told = run.error?.description ?? '';
		expect(run.status).toBe('canceled');
		expect(told).toContain(
			`Items 0, 1: created and charged (${first?.task_id}, ${second?.task_id}).`,
		);
		expect(told).toContain(
			`Item 2: sent, got no answer, perhaps created and charged (External ID ${third?.external_task_id}).`,
		);
		expect(told).toContain('Items 3, 4: nothing created or charged.');
		expect(engine.logs.text()).toContain(`ended early. ${told}`);
		expect(customData(run)).toBe(told.slice(0, 500));
		expect(kling.count('create')).toBe(3);
	},
);

it('Stop while waiting says what was charged, before n8n stores the execution', async () => {
	const { kling } = stage;
	const run = await stopped(1, 1, {}, true);
	expect(run.status).toBe('canceled');
	// Long before the next check.
	expect(run.stopLatencyMs).toBeLessThan(5_000);
	expect(run.error?.description).toContain(
		`Item 0: created and charged (${kling.tasks[0]?.task_id})`,
	);
});

describe('an image that is gone when its create is due', () => {
	it.each([
		['ends the run: nothing more is sent', {}, 1],
		['fails its item alone with Continue On Fail', { onError: 'continueRegularOutput' }, 2],
	] as const)('%s', async (_name, nodeSettings, charges) => {
		const { engine, kling } = stage;
		const content = Buffer.from(imageBase64, 'base64');
		const files = await Promise.all([0, 1, 2].map(async () => await engine.binary({ content })));
		kling.fault({ on: 'create', kind: 'slow', delayMs: 300 });
		const running = engine.runNode({
			items: files.map((data) => ({ json: {}, binary: { data } })),
			nodeSettings,
			parameters: {
				operation: 'create',
				imageSource: 'binary',
				waitForCompletion: false,
				options: { maxConcurrent: 1 },
			},
		});
		await kling.until(() => kling.count('create') === 1);
		rmSync(Container.get(BinaryDataService).getPath(files[1]?.id ?? ''));
		const run = await running;
		const said = run.error
			? `${run.error.message}\n${run.error.description ?? ''}`
			: `${String(run.items[1]?.json.error)}\n${String(run.items[1]?.json.details)}`;
		expect(said).toContain('Nothing was created or charged for this item.');
		expect(kling.counters.tasksCharged).toBe(charges);
		expect(kling.count('create')).toBe(charges);
	});

	it('fails its item alone when it is to be compared with another one of the same ID', async () => {
		const { engine, kling } = stage;
		const content = Buffer.from(imageBase64, 'base64');
		const files = await Promise.all([0, 1].map(async () => await engine.binary({ content })));
		// The images are compared once all have been checked.
		kling.fault({ on: 'file', kind: 'slow', delayMs: 500 });
		const url = kling.imageUrl(content);
		const asked = () => kling.requests.filter(({ operation }) => operation === 'file').length;
		const running = engine.runNode({
			items: [
				...files.map((data) => ({ json: { source: 'binary', id: 'same' }, binary: { data } })),
				{ json: { source: 'url', id: 'other' } },
			],
			nodeSettings: { onError: 'continueRegularOutput' },
			parameters: {
				operation: 'create',
				imageSource: '={{ $json.source }}',
				imageUrl: url,
				imageBase64: 'not used',
				waitForCompletion: false,
				options: { checkImageUrl: true, externalTaskId: '={{ $json.id }}' },
			},
		});
		await kling.until(() => asked() === 1);
		await pause(200);
		rmSync(Container.get(BinaryDataService).getPath(files[1]?.id ?? ''));
		const { items: outputs } = await running;
		expect(outputs.map(({ json }) => 'error' in json)).toEqual([false, true, false]);
		expect(kling.counters.tasksCharged).toBe(2);
	});
});
