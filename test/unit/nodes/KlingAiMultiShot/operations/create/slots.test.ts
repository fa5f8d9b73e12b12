import { setTimeout as pause } from 'node:timers/promises';

import { makeImage } from '../../../../../kling';
import { useFastTime } from '../../../../../support/fastTime';
import { useStage } from '../../../../../support/stage';

useFastTime(8);

const stage = useStage({ mode: 'manual' });
let imageBase64: string;

beforeAll(async () => {
	imageBase64 = (await makeImage({ width: 300, height: 300 })).toString('base64');
});
beforeEach(() => stage.kling.reset());

describe('creates that wait for a slot', () => {
	const create = (count: number, nodeSettings: { onError?: 'continueRegularOutput' } = {}) =>
		stage.engine.runNode({
			items: Array.from({ length: count }, (_, item) => ({ json: { item } })),
			nodeSettings,
			parameters: {
				operation: 'create',
				imageSource: 'base64',
				imageBase64,
				waitForCompletion: false,
				options: { maxConcurrent: count },
			},
		});
	/** One has the slot, and the node knows that there is no other: the rest wait. */
	const untilFull = async () => {
		const { kling } = stage;
		await kling.until(() => kling.requests.some(({ code }) => code === 1303), 200_000);
		await untilAnswered();
	};
	/** Kling has answered all requests, and the node has read the answers. */
	const untilAnswered = async () => {
		await stage.kling.until(() => stage.kling.requests.every(({ ms }) => ms >= 0), 200_000);
		await pause(3_000);
	};
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
			await untilFull();
			running.cancel();
			const run = await running;
			const [task] = kling.tasks;
			expect(run.status).toBe('canceled');
			expect(run.error?.description).toMatch(
				new RegExp(`Item \\d: created and charged \\(${task?.task_id}\\)\\.\\n`),
			);
			// A probe may be under way when Stop comes; it cannot be told from a create.
			expect(run.error?.description).toMatch(
				/\n(Item \d: sent, got no answer.*\nItems \d, \d|Items \d, \d, \d): nothing created or charged\.\nTo get the images of a charged task, use Wait for Task/,
			);

			// Such a probe still meets a full account.
			await untilAnswered();
			const sent = kling.count('create');
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
			await untilFull();
			const sent = kling.count('create');
			kling.fault({ on: 'create', kind: 'error', code: 1102, times: Infinity });
			kling.slots = Infinity;
			await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
			const run = await running;
			const texts = run.error
				? [run.error.description ?? '']
				: run.items.map(({ json }) => `${String(json.error)}\n${String(json.details)}`);
			expect(texts.filter((text) => text.includes('Kling code: 1102'))).toHaveLength(1);
			expect(texts.join('\n')).toMatch(/nothing (was )?created or charged/i);
			// The one that met the error, and none after it.
			await longEnough();
			expect(kling.count('create')).toBe(sent + 1);
			expect(kling.counters.tasksCharged).toBe(1);
		},
	);
});
