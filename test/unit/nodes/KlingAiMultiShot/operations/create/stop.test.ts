import { setTimeout as pause } from 'node:timers/promises';

import { picture } from '../../../../../kling';
import type { Run } from '../../../../../support/engine';
import { useStage } from '../../../../../support/stage';

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await picture({ width: 300, height: 300 })).toString('base64');
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
			`Item 2: sent without an answer, perhaps created and charged (External ID ${third?.external_task_id}).`,
		);
		expect(told).toContain('Items 3, 4: not created, not charged.');
		expect(engine.logs.text()).toContain(`ended early. ${told}`);
		expect(customData(run)).toBe(told.slice(0, 500));
		expect(kling.count('create')).toBe(3);
	},
);

it('Stop while waiting says what was charged, before n8n stores the execution', async () => {
	const { kling } = stage;
	const run = await stopped(1, 1, {}, true);
	expect(run.status).toBe('canceled');
	expect(run.stopLatencyMs).toBeLessThan(100);
	expect(run.error?.description).toContain(
		`Item 0: created and charged (${kling.tasks[0]?.task_id})`,
	);
});

describe('creates that wait for a slot', () => {
	const create = (count: number, nodeSettings: { onError?: 'continueRegularOutput' } = {}) =>
		stage.engine.runNode({
			items: items(count),
			nodeSettings,
			parameters: {
				operation: 'create',
				imageSource: 'base64',
				imageBase64,
				waitForCompletion: false,
				options: { maxConcurrent: count },
			},
		});
	const refused = () => stage.kling.requests.filter(({ code }) => code === 1303).length;
	/** Longer than the longest pause between two probes, 30 s. */
	const longEnough = async () => {
		const until = Date.now() + 40_000;
		await stage.kling.until(() => Date.now() > until, 60_000);
	};

	beforeEach(() => {
		stage.kling.slots = 1;
	});
	afterEach(() => {
		stage.kling.slots = Infinity;
	});

	it.each([{}, { onError: 'continueRegularOutput' as const }])(
		'are not sent after Stop: %o',
		async (nodeSettings) => {
			const { kling } = stage;
			const running = create(4, nodeSettings);
			await kling.until(() => refused() === 3);
			// The node has read the answers by then.
			await pause(100);
			running.cancel();
			const run = await running;
			const [task] = kling.tasks;
			const sent = kling.count('create');
			expect(run.status).toBe('canceled');
			expect(run.error?.description).toMatch(
				new RegExp(`Item \\d: created and charged \\(${task?.task_id}\\)\\.\\n`),
			);
			expect(run.error?.description).toMatch(/Items \d, \d, \d: not created, not charged\./);

			kling.slots = Infinity;
			await kling.move(task?.task_id ?? '', 'succeed');
			await longEnough();
			expect(kling.count('create')).toBe(sent);
			expect(kling.counters.tasksCharged).toBe(1);
		},
	);

	it.each([{}, { onError: 'continueRegularOutput' as const }])(
		'are not sent after a fatal error: %o',
		async (nodeSettings) => {
			const { kling } = stage;
			const running = create(5, nodeSettings);
			await kling.until(() => refused() === 4);
			const sent = kling.count('create');
			kling.fault({ on: 'create', kind: 'error', code: 1102, times: Infinity });
			kling.slots = Infinity;
			await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
			const run = await running;
			const texts = run.error
				? [run.error.description ?? '']
				: run.items.map(({ json }) => `${String(json.error)}\n${String(json.details)}`);
			expect(texts.filter((text) => text.includes('Kling code: 1102'))).toHaveLength(1);
			expect(texts.join('\n')).toMatch(/not created, not charged/i);
			// The one that met the error, and none after it.
			await longEnough();
			expect(kling.count('create')).toBe(sent + 1);
			expect(kling.counters.tasksCharged).toBe(1);
		},
	);
});
