import { setTimeout as pause } from 'node:timers/promises';

import type { KlingTask } from '../../../../../nodes/shared/client/task';
import { limiter } from '../../../../../nodes/shared/lib/limiter';
import type { KnownTask, Memory } from '../../../../../nodes/KlingAiMultiShot/trigger/memory';
import { once, type ResolvedTask } from '../../../../../nodes/KlingAiMultiShot/trigger/once';
import { expiringMap } from '../../../../../nodes/shared/lib/expiringMap';
import { useStage } from '../../../../support/stage';
import { bodyOf, emitted, finishedTask, SECRET, statusesOf, withSecret } from './callbacks';

const stage = useStage({ mode: 'manual' });

beforeEach(() => {
	stage.kling.reset();
	stage.kling.webhookSecret = undefined;
});
afterEach(() => jest.restoreAllMocks());

const ALL = { statuses: ['submitted', 'processing', 'succeed', 'failed'] };
const DAY_MS = 24 * 60 * 60 * 1000;

/** Answers' statuses, in the order of `bodies`. */
const sendAll = async (url: string, bodies: unknown[]): Promise<number[]> => {
	const sent = bodies.map(async (body) => await stage.kling.sendCallback(url, body));
	return (await Promise.all(sent)).map(({ status }) => status);
};

/** As a sender does that is told to come again. */
const sendUntilTaken = async (url: string, body: unknown): Promise<void> => {
	while ((await stage.kling.sendCallback(url, body)).status === 503) await pause(50);
};

describe('200 at a time', () => {
	const copies = (task_id: string) => Array.from({ length: 200 }, () => bodyOf(task_id));

	it.each(['without a secret', 'with a secret'])('copies of one callback: one, %s', async (how) => {
		const secret = how === 'with a secret' ? SECRET : undefined;
		stage.kling.webhookSecret = secret;
		const listener = stage.engine.listen({ credentials: withSecret(stage, secret ?? '') });
		const task_id = finishedTask(stage);
		const answers = await sendAll(listener.url, copies(task_id));
		await listener.settled();

		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
		expect(new Set(answers)).toEqual(new Set([200]));
		expect(stage.kling.count('get')).toBe(1);
	});

	it('different ones, signed: each, at the first try', async () => {
		stage.kling.webhookSecret = SECRET;
		const listener = stage.engine.listen({ credentials: withSecret(stage, SECRET) });
		const tasks = Array.from({ length: 200 }, () => finishedTask(stage));
		const answers = await sendAll(
			listener.url,
			tasks.map((task_id) => bodyOf(task_id)),
		);
		await listener.settled();

		expect(new Set(answers)).toEqual(new Set([200]));
		expect(emitted(listener.outcomes)).toHaveLength(200);
		expect(new Set(emitted(listener.outcomes).map(({ task_id }) => task_id))).toEqual(
			new Set(tasks),
		);
		expect(stage.kling.counters.maxParallel.get).toBeLessThanOrEqual(5);
	});

	it('different ones that nobody signed: each once, where those told so come again', async () => {
		const listener = stage.engine.listen();
		const tasks = Array.from({ length: 200 }, () => finishedTask(stage));
		await Promise.all(
			tasks.map(async (task_id) => await sendUntilTaken(listener.url, bodyOf(task_id))),
		);
		await listener.settled();

		expect(emitted(listener.outcomes)).toHaveLength(200);
		expect(new Set(emitted(listener.outcomes).map(({ task_id }) => task_id))).toEqual(
			new Set(tasks),
		);
	});
});

it('a second callback a while later is answered without a look', async () => {
	const listener = stage.engine.listen();
	const task_id = finishedTask(stage);
	for (let time = 0; time < 3; time++)
		expect((await stage.kling.sendCallback(listener.url, bodyOf(task_id))).status).toBe(200);

	expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	expect(stage.kling.count('get')).toBe(1);
});

it('the newer body about the same task and status is the same event', async () => {
	const listener = stage.engine.listen();
	const id = finishedTask(stage);
	await sendAll(listener.url, [bodyOf(id), { id, status: 'succeeded', outputs: [] }]);
	await listener.settled();

	expect(statusesOf(listener, id)).toEqual(['succeed']);
});

describe('the order of a task', () => {
	it('each wanted status comes out once', async () => {
		stage.kling.switches.callbackOnSubmitted = true;
		stage.kling.switches.callbackCopies = 2;
		const listener = stage.engine.listen({ parameters: ALL });
		const { task_id } = stage.kling.createTask({ callback_url: listener.url });
		await sendAll(listener.url, [bodyOf(task_id, 'submitted')]);
		await stage.kling.move(task_id, 'processing');
		await stage.kling.move(task_id, 'succeed');
		await listener.settled();

		expect(statusesOf(listener, task_id)).toEqual(['submitted', 'processing', 'succeed']);
	});

	it('nothing earlier comes out after a final status', async () => {
		stage.kling.switches.callbackOrder = 'reversed';
		const listener = stage.engine.listen({ parameters: ALL });
		const { task_id } = stage.kling.createTask({ callback_url: listener.url });
		await stage.kling.move(task_id, 'processing');
		await stage.kling.move(task_id, 'succeed');
		await stage.kling.settled();
		await listener.settled();

		expect(stage.kling.deliveries.map(({ task_status }) => task_status)).toEqual([
			'succeed',
			'processing',
		]);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});

	it('nothing earlier comes out of a look that began before the final one', async () => {
		const listener = stage.engine.listen({ parameters: ALL });
		const { task_id } = stage.kling.createTask();
		await stage.kling.move(task_id, 'processing');
		stage.kling.fault({ on: 'get', kind: 'slow', when: 'after', delayMs: 600 });
		const early = stage.kling.sendCallback(listener.url, bodyOf(task_id, 'processing'));
		await stage.kling.until(() => stage.kling.count('get') === 1);
		// By now the answer is made, and held back.
		await pause(100);
		await stage.kling.move(task_id, 'succeed');
		await stage.kling.sendCallback(listener.url, bodyOf(task_id));
		await early;
		await listener.settled();

		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});

	it('a late callback brings out what the API says now, and that is not repeated', async () => {
		const listener = stage.engine.listen({ parameters: ALL });
		const task_id = finishedTask(stage);
		const answers = await sendAll(listener.url, [bodyOf(task_id, 'processing'), bodyOf(task_id)]);
		await listener.settled();

		expect(answers).toEqual([200, 200]);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});
});

describe('a look that failed', () => {
	it('lets a repeated callback succeed', async () => {
		const listener = stage.engine.listen();
		const task_id = finishedTask(stage);
		stage.kling.fault({ on: 'get', kind: 'error', code: 1101 });
		const first = await stage.kling.sendCallback(listener.url, bodyOf(task_id));
		const second = await stage.kling.sendCallback(listener.url, bodyOf(task_id));

		expect([first.status, second.status]).toEqual([503, 200]);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});

	it('is the answer to copies that came meanwhile, too', async () => {
		const listener = stage.engine.listen();
		const task_id = finishedTask(stage);
		stage.kling.fault({ on: 'get', kind: 'slow', delayMs: 200 });
		stage.kling.fault({ on: 'get', kind: 'error', code: 1101 });
		const answers = await sendAll(
			listener.url,
			[1, 2, 3].map(() => bodyOf(task_id)),
		);
		await listener.settled();

		expect(answers).toEqual([503, 503, 503]);
		expect(emitted(listener.outcomes)).toEqual([]);
	});
});

describe('an execution that n8n could not store', () => {
	it('is started by the callback that Kling sends again, and by no third one', async () => {
		let failures = 1;
		const listener = stage.engine.listen({ stores: () => failures-- <= 0 });
		const task_id = finishedTask(stage);
		const answers: number[] = [];
		for (let sent = 0; sent < 3; sent++)
			answers.push(...(await sendAll(listener.url, [bodyOf(task_id)])));
		await listener.settled();

		expect(answers).toEqual([500, 200, 200]);
		// Handed to n8n twice: it stored the second one.
		expect(statusesOf(listener, task_id)).toEqual(['succeed', 'succeed']);
	});

	it('leaves an earlier status that came out, and lets a late callback bring out the end', async () => {
		const failures = [false, true];
		const stores = () => !failures.shift();
		const listener = stage.engine.listen({ parameters: ALL, stores });
		const { task_id } = stage.kling.createTask();
		const answers: number[] = [];
		for (const status of ['submitted', 'succeed', 'submitted', 'processing']) {
			if (status === 'succeed') await stage.kling.move(task_id, status);
			answers.push(...(await sendAll(listener.url, [bodyOf(task_id, status)])));
		}
		await listener.settled();

		expect(answers).toEqual([200, 500, 200, 200]);
		expect(statusesOf(listener, task_id)).toEqual(['submitted', 'succeed', 'succeed']);
	});
});

describe('two triggers', () => {
	it('do not disturb each other', async () => {
		const listeners = [stage.engine.listen(), stage.engine.listen()];
		const task_id = finishedTask(stage);
		for (const { url } of listeners) await sendAll(url, [bodyOf(task_id), bodyOf(task_id)]);

		expect(listeners.map((listener) => statusesOf(listener, task_id))).toEqual([
			['succeed'],
			['succeed'],
		]);
	});

	it('nor do two credentials of one trigger', async () => {
		const task_id = finishedTask(stage);
		const klingApi = { id: 'second', name: 'Second' };
		const first = stage.engine.listen({ nodeSettings: { webhookId: 'same' } });
		await sendAll(first.url, [bodyOf(task_id)]);
		first.close();
		const nodeSettings = { webhookId: 'same', credentials: { klingApi } };
		const second = stage.engine.listen({ nodeSettings });
		await sendAll(second.url, [bodyOf(task_id)]);

		expect(statusesOf(second, task_id)).toEqual(['succeed']);
	});

	it('and one trigger that is started anew in the same process knows what it did', async () => {
		const task_id = finishedTask(stage);
		for (const expected of [['succeed'], []]) {
			const listener = stage.engine.listen({ nodeSettings: { webhookId: 'again' } });
			await sendAll(listener.url, [bodyOf(task_id)]);
			expect(statusesOf(listener, task_id)).toEqual(expected);
			listener.close();
		}
	});
});

it('is remembered for a day', async () => {
	const listener = stage.engine.listen();
	const task_id = finishedTask(stage);
	const start = performance.now();
	const now = jest.spyOn(performance, 'now');
	for (const [laterMs, expected] of [
		[0, 1],
		[DAY_MS - 1, 1],
		[DAY_MS + 60_000, 2],
	] as const) {
		now.mockReturnValue(start + laterMs);
		await sendAll(listener.url, [bodyOf(task_id)]);
		expect(statusesOf(listener, task_id)).toHaveLength(expected);
	}
});

describe('the memory of a trigger', () => {
	const task: KlingTask = { task_id: 'exists', task_status: 'succeed' };
	const newMemory = (): Memory => {
		const limited = limiter(1);
		const bounds = { max: 3, lifetimeMs: DAY_MS };
		const [tasks, unknown] = [expiringMap<KnownTask>(bounds), expiringMap<true>(bounds)];
		return {
			tasks,
			unknown,
			reads: 0,
			followers: 0,
			limitedRead: limited,
			limitedDownload: limited,
		};
	};
	const see = async (memory: Memory, task_id: string, resolved: ResolvedTask) =>
		await once(
			memory,
			{ task_id, task_status: 'succeed' },
			async () => resolved,
			() => true,
		);

	it('gives no place of tasks that exist to what strangers make up', async () => {
		const memory = newMemory();

		const forgetOutput: unknown = expect.any(Function);
		expect(await see(memory, 'exists', { task })).toEqual({ task, forgetOutput });
		for (let made = 0; made < 10; made++)
			await see(memory, `made-up-${made}`, { ignored: 'unknown' });
		expect(await see(memory, 'exists', { task })).toHaveProperty('ignored');
	});

	it('lets 1,000 copies wait for the look of the first', async () => {
		const memory = newMemory();
		const verdicts = await Promise.all(
			Array.from({ length: 1_011 }, async () => await see(memory, 'exists', { task })),
		);
		const count = (key: string) => verdicts.filter((verdict) => key in verdict).length;

		expect(['task', 'ignored', 'refused'].map(count)).toEqual([1, 1_000, 10]);
		expect(memory.followers).toBe(0);
	});
});
