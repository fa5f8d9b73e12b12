import type { Moment, Task } from '../kling/tasks';
import { startSimKling } from './kling/simKling';
import { nodeOf, runExecution } from './n8n/engine';
import { startProcess } from './n8n/process';
import { startResuming, type Resuming } from './n8n/resuming';
import type { ExecutionRecord, Record } from './record';
import type { LoadPackage } from './shipped';
import { setStatus, whenStatus, type Sim } from './sim';
import { delay } from './time/waiting';
import { steadyRandom } from './time/steadyChance';
import { startVirtualTime } from './time/virtualTime';
import type { ExecutionPlan, Plan } from './world/plan';

/** No world may take longer, virtual ms. */
const LIMIT_MS = 6 * 60 * 60_000;
/** What goes on so long after the end was left behind. */
const AFTERMATH_MS = 2_000;

/** How an execution runs, from its start to its end or its pause. */
export type RunExecution = typeof runExecution;

export async function runWorld(
	load: LoadPackage,
	plan: Plan,
	run: RunExecution = runExecution,
): Promise<Record> {
	const time = startVirtualTime(plan.clock.offsetMs);
	const chance = steadyRandom(plan.seed);
	const record = emptyRecord();
	const onUnhandled = (reason: unknown) => void record.unhandled.push(String(reason));
	process.on('unhandledRejection', onUnhandled);
	try {
		const sim = buildSim(load, plan, record, time);
		let ended = false;
		const story = playAll(sim, load, run).then(() => (ended = true));
		record.end = await time.run(() => ended, LIMIT_MS);
		if (record.end === 'done') await story;
		record.tookMs = time.now();
		const quiet = time.now() + AFTERMATH_MS;
		await time.run(() => time.now() >= quiet, quiet);
		// A sleep that hears no signal cannot be ended by anybody.
		if (!plan.node.plainSleep)
			record.timersLeft = sim.processes.reduce((sum, { timers }) => sum + timers.size, 0);
		return record;
	} finally {
		process.off('unhandledRejection', onUnhandled);
		chance.end();
		time.end();
	}
}

function emptyRecord(): Record {
	return {
		calls: [],
		executions: [],
		tasks: [],
		charges: [],
		resumes: [],
		unhandled: [],
		timersLeft: 0,
		end: 'done',
		tookMs: 0,
	};
}

/** Set while a world is built, since Kling and n8n need each other. */
interface BuiltSim extends Sim {
	resuming: Resuming;
}

function buildSim(
	load: LoadPackage,
	plan: Plan,
	record: Record,
	time: ReturnType<typeof startVirtualTime>,
): BuiltSim {
	let seq = 0;
	const announce = (task: Task, body: object, moment: Moment) => tell(sim, task, body, moment);
	const kling = startSimKling(plan.kling, plan.node.creates, plan.seed, time, announce);
	record.tasks = kling.tasks;
	const usesBoth =
		plan.callbacks.process === 1 || plan.executions.some(({ process }) => process === 1);
	const names = usesBoth ? ['a1', 'b1'] : ['a1'];
	const processes = names.map((name) => startProcess(load, name, plan.node.plainSleep));
	const sim = {
		plan,
		time,
		record,
		kling,
		processes,
		nextSeq: () => ++seq,
		seen: new Map(),
		watchers: new Set(),
	} as Omit<BuiltSim, 'resuming'> as BuiltSim;
	sim.resuming = startResuming(sim, nodeOf({ kind: 'workflow' }, plan.node));
	return sim;
}

/** Kling calls back about one change, as often and as late as the plan says. */
function tell(sim: BuiltSim, { callback_url }: Task, body: object, { status }: Moment): void {
	const execution = /\/webhook-waiting\/([^/?]+)/.exec(callback_url ?? '')?.[1];
	if (execution === undefined) return;
	const { delaysMs, unfinished } = sim.plan.callbacks;
	if (!unfinished && (status === 'submitted' || status === 'processing')) return;
	for (const ms of delaysMs)
		void delay(ms).then(async () => await sim.resuming.call(execution, body));
}

async function playAll(sim: BuiltSim, load: LoadPackage, run: RunExecution): Promise<void> {
	const { plan, time } = sim;
	const { shift } = plan.clock;
	if (shift) void delay(shift.atMs).then(() => time.shiftWallClock(shift.byMs));
	if (plan.killAtMs !== undefined) void delay(plan.killAtMs).then(() => killFirst(sim, load));
	const ends: Array<Promise<void>> = [];
	for (const [number, execution] of plan.executions.entries()) {
		const before = execution.after === 'previous' ? ends[number - 1] : undefined;
		ends.push(
			(before ?? Promise.resolve()).then(async () => await play(sim, execution, number, run)),
		);
	}
	await Promise.all(ends);
	await sim.resuming.settled();
}

function killFirst(sim: BuiltSim, load: LoadPackage): void {
	sim.processes[0]?.kill();
	for (const execution of sim.record.executions)
		if (execution.process === 'a1' && execution.status === 'running')
			setStatus(sim, execution, 'crashed');
	sim.processes[0] = startProcess(load, 'a2', sim.plan.node.plainSleep);
}

/** Resolves when the execution has ended, after a pause too. */
async function play(
	sim: BuiltSim,
	plan: ExecutionPlan,
	number: number,
	runBy: RunExecution,
): Promise<void> {
	await delay(plan.startMs);
	const process = sim.processes[plan.process];
	if (!process) throw new Error(`No process ${plan.process}`);
	const execution: ExecutionRecord = {
		id: `10${number + 1}`,
		kind: plan.kind,
		process: process.name,
		tries: [],
		status: 'running',
		outputs: [],
		log: [],
		customData: {},
		startedAt: sim.time.now(),
		paused: false,
	};
	sim.record.executions.push(execution);
	const run = runBy(sim, plan, execution, process, (parked) => {
		sim.resuming.park(parked);
		if (sim.plan.callbacks.forgedAfterMs !== undefined) void forge(sim, execution.id);
	});
	void run;
	await whenStatus(sim, execution, (status) => status !== 'running' && status !== 'waiting');
}

async function forge(sim: BuiltSim, executionId: string): Promise<void> {
	await delay(sim.plan.callbacks.forgedAfterMs ?? 0);
	for (const { task, call } of sim.record.charges)
		if (call.execution === executionId)
			await sim.resuming.call(executionId, { task_id: task.task_id, task_status: 'succeed' });
}
