import fc from 'fast-check';
import type { INodeType } from 'n8n-workflow';

import { makeImage, startKling, type Kling, type Task } from '../kling';
import { startEngine, type Engine, type PackageTypes, type Run } from '../support/engine';
import { loadSource } from '../support/engine/package-types';
import { useFastTime } from '../support/fastTime';
import { WHOLE_TASK } from '../support/parameters';
import { credentialFor } from '../support/stage';

useFastTime();

/**
 * A callback may come before, during or after the pause, twice or never, at either of two processes, each of which may
 * be started again at any time: the execution goes on once, with the same items.
 */

const TASKS = 3;
const MAX_COMMANDS = 14;
const RUNS = Number(process.env['STATES_RUNS'] ?? 40);
/** Another one finds other schedules. */
const SEED = Number(process.env['STATES_SEED'] ?? 2);
/** Real milliseconds for which the last create is not answered, so that callbacks can come while the node runs. */
const CREATE_MS = 60;

let kling: Kling;
let engine: Engine;
let image: string;
let processes: INodeType[];
/** Copies of the package, each with a memory of its own; none serves an execution twice. */
let copies: INodeType[];
let used = 0;

beforeAll(async () => {
	kling = await startKling({ mode: 'manual' });
	const types = await loadSource();
	copies = [];
	for (let count = 0; count < MAX_COMMANDS + 2; count++) copies.push(await freshCopy());
	processes = [nextCopy(), nextCopy()];
	const node = Object.create(types.nodes['klingAiMultiShot'] as INodeType) as INodeType;
	node.webhook = async function () {
		const { atProcess = 0 } = this.getBodyData() as { atProcess?: number };
		return (await processes[atProcess]?.webhook?.call(this)) ?? {};
	};
	engine = await startEngine({
		nodeTypes: { ...types, nodes: { ...types.nodes, klingAiMultiShot: node } },
		credentials: { klingApi: credentialFor(kling) },
	});
	image = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
afterAll(async () => {
	engine.stop();
	await kling.close();
});

const nextCopy = (): INodeType => copies[used++ % copies.length] as INodeType;

async function freshCopy(): Promise<INodeType> {
	let types: PackageTypes | undefined;
	await jest.isolateModulesAsync(async () => {
		types = await loadSource();
	});
	return types?.nodes['klingAiMultiShot'] as INodeType;
}

const tally = { woken: 0, callback: 0, deadline: 0 };

interface Model {
	/** Tasks, in the order of their ends. */
	ended: Set<number>;
	/** By process: tasks whose end it has seen, at most. Callbacks about them read nothing: those of others are to come. */
	settled: Array<Set<number>>;
	woken: boolean;
}

/** One execution, and what has become of it. */
class World {
	wakes = 0;
	next: Run | undefined;

	constructor(
		readonly tasks: readonly Task[],
		readonly paused: Run,
		readonly endedAtCheck: readonly boolean[],
	) {
		const count = async () => {
			this.next = await engine.nextRun(paused);
			this.wakes++;
		};
		void count();
	}

	async wakesWithin(ms: number): Promise<boolean> {
		return await kling
			.until(() => this.wakes > 0, ms)
			.then(
				() => true,
				() => false,
			);
	}
}

const sent = async (task: Task, atProcess: number): Promise<number> => {
	const body = { task_id: task.task_id, task_status: kling.task(task.task_id).status, atProcess };
	return (await kling.sendCallback(task.callback_url ?? '', body)).status;
};

/** Kling ends a task, and does not call. */
class End implements fc.AsyncCommand<Model, World> {
	constructor(
		readonly number: number,
		readonly status: 'succeed' | 'failed',
	) {}
	check = ({ ended }: Model): boolean => !ended.has(this.number);
	async run(model: Model, { tasks }: World): Promise<void> {
		model.ended.add(this.number);
		await kling.move(tasks[this.number]?.task_id ?? '', this.status);
	}
	toString = (): string => `end(${this.number}, ${this.status})`;
}

/** Kling calls, perhaps several times at one moment. */
class Call implements fc.AsyncCommand<Model, World> {
	constructor(
		readonly number: number,
		readonly at: number[],
	) {}
	check = (): boolean => true;
	async run(model: Model, world: World): Promise<void> {
		const task = world.tasks[this.number];
		if (!task) return;
		const statuses = await Promise.all(this.at.map(async (process) => await sent(task, process)));
		const { ended, settled, woken } = model;
		const isLagging = kling.switches.queryLagMs > 0;
		const isKnown = this.at.every((process) => settled[process]?.has(this.number));
		const wasEnded = world.endedAtCheck[this.number] === true;
		if (ended.has(this.number) && !wasEnded)
			for (const process of this.at) for (const one of ended) settled[process]?.add(one);
		const isOpen = ended.size < TASKS || wasEnded;
		if (woken || isOpen || (isKnown && !isLagging)) {
			expect(new Set(statuses)).toEqual(new Set([woken ? 409 : 200]));
			expect(world.wakes).toBe(woken ? 1 : 0);
			return;
		}
		// While the API lags, only the task that has ended last is sure to find all others ended.
		const isSure = !isKnown && (!isLagging || [...ended].at(-1) === this.number);
		const isWoken = await world.wakesWithin(isSure ? 5_000 : 100);
		if (isSure) expect([isWoken, statuses]).toEqual([true, expect.arrayContaining([200])]);
		model.woken = isWoken;
	}
	toString = (): string => `call(${this.number}, at ${this.at.join(', ')})`;
}

/** A process is started again, and has forgotten everything. */
class Restart implements fc.AsyncCommand<Model, World> {
	constructor(readonly process: number) {}
	check = (): boolean => true;
	async run({ settled }: Model): Promise<void> {
		processes[this.process] = nextCopy();
		settled[this.process]?.clear();
	}
	toString = (): string => `restart(${this.process})`;
}

interface Start {
	/** Of the first task, while the node still creates: not ended, ended without a call, ended and called. */
	early: 'open' | 'ended' | 'called';
	lagMs: number;
	ending: 'callback' | 'deadline';
}

/** The execution up to its pause. */
async function begin({ early, lagMs }: Start): Promise<World> {
	kling.reset();
	Object.assign(kling.switches, { callbackCopies: 0, queryLagMs: 0 });
	kling.fault({ on: 'create', kind: 'slow', when: 'after', delayMs: CREATE_MS, skip: TASKS - 1 });
	const running = engine.runNode({
		items: Array.from({ length: TASKS }, (_, item) => ({ json: { item } })),
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64: image,
			waitMode: 'callback',
			options: { maxConcurrent: 1 },
		},
	});
	await kling.until(() => kling.tasks.length === TASKS);
	const [first] = kling.tasks;
	if (first && early !== 'open') {
		await kling.move(first.task_id, 'succeed');
		// n8n does not take it while the execution is running.
		if (early === 'called') expect(await sent(first, 0)).toBe(409);
	}
	const paused = await running;
	expect(paused.status).toBe('waiting');
	kling.switches.queryLagMs = lagMs;
	const endedAtCheck = kling.tasks.map((_, number) => number === 0 && early !== 'open');
	return new World(kling.tasks, paused, endedAtCheck);
}

async function expectSameResult(model: Model, world: World, { ending }: Start): Promise<void> {
	const { paused, tasks, endedAtCheck } = world;
	const isWokenLate = !model.woken && ending === 'callback';
	if (isWokenLate) {
		// The last callback of a task comes to a process that has not seen it.
		await new Restart(1).run(model);
		kling.switches.queryLagMs = 0;
		for (const [number, { task_id }] of tasks.entries())
			if (!model.ended.has(number)) await kling.move(task_id, 'succeed');
		expect(await sent(tasks[TASKS - 1] as Task, 1)).toBe(200);
	}
	const isWoken = model.woken || isWokenLate;
	tally[model.woken ? 'woken' : ending]++;
	if (!isWoken) await engine.resumeByTimer(paused);
	expect(await world.wakesWithin(5_000)).toBe(true);
	const items = world.next?.items ?? [];
	expect(items.map(({ json }) => json['task_id'])).toEqual(tasks.map(({ task_id }) => task_id));
	expect(items.map(({ json }) => json['completed'])).toEqual(
		endedAtCheck.map((ended) => isWoken || ended),
	);
	if (isWoken)
		expect(items.map(({ json }) => json['task_status'])).toEqual(
			tasks.map(({ task_id }) => kling.task(task_id).status),
		);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(tasks.map((_, item) => ({ item })));
	expect(kling.counters.tasksCharged).toBe(TASKS);
	// Whatever comes now finds an execution that has ended.
	expect(await sent(tasks[0] as Task, 0)).toBe(409);
	expect(world.wakes).toBe(1);
}

const task = fc.nat({ max: TASKS - 1 });
const at = fc.nat({ max: 1 });
const commands = fc.commands(
	[
		fc
			.tuple(task, fc.constantFrom('succeed' as const, 'failed' as const))
			.map((all) => new End(...all)),
		fc.tuple(task, fc.array(at, { minLength: 1, maxLength: 3 })).map((all) => new Call(...all)),
		at.map((process) => new Restart(process)),
	],
	{ maxCommands: MAX_COMMANDS, size: 'max' },
);
const start = fc.record<Start>({
	early: fc.constantFrom('open', 'ended', 'called'),
	lagMs: fc.constantFrom(0, 0, 200),
	ending: fc.constantFrom('callback', 'deadline'),
});

it(`callbacks × checks × restarts × two processes: the same result, ${RUNS} schedules`, async () => {
	await fc.assert(
		fc.asyncProperty(start, commands, async (given, schedule) => {
			const world = await begin(given);
			const ended = new Set(given.early === 'open' ? [] : [0]);
			const model: Model = { ended, settled: [new Set(), new Set()], woken: false };
			await fc.asyncModelRun(() => ({ model, real: world }), schedule);
			await expectSameResult(model, world, given);
		}),
		{ numRuns: RUNS, seed: SEED, endOnFailure: true },
	);
	console.log(
		`Schedules: ${tally.woken} woken on the way, ${tally.callback} by a last callback, ${tally.deadline} by the deadline`,
	);
	expect(Math.min(...Object.values(tally))).toBeGreaterThan(0);
}, 120_000);
