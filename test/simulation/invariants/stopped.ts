import type { Call, ExecutionRecord, Record, TryRecord } from '../record';
import type { Plan } from '../world/plan';
import type { Invariant, Violation } from './violation';

/**
 * 2. After Stop, a timeout or the first fatal error no create leaves, and every run ends within its own time limits.
 *
 * The first fatal error is what an outsider can see; creates of the same millisecond may have left before it was read:
 * - Kling's answer to a create says that no create can succeed (keys, account, address), with any On Error setting;
 * - with On Error "Stop Workflow", an answer that refuses a create for good, or one that shows a task of this run as failed
 *   where the node does not output failed tasks. The node hears of it when the requests it sent before have been answered.
 *   A task whose create got no answer is not known as one of this run until it is looked for and found.
 */
export const stopped: Invariant = (record, plan) => [
	...record.executions.flatMap((execution) => afterStop(record, execution)),
	...record.executions.flatMap(({ tries }) =>
		tries.flatMap((one) => afterFatal(record, plan, one)),
	),
	...withinLimits(record, plan),
];

/** n8n gives no more than this to a run that was stopped. */
const STOP_MS = 2_000;

function afterStop({ calls }: Record, execution: ExecutionRecord): Violation[] {
	const { stoppedSeq = Infinity, stoppedAt = Infinity, id, tries } = execution;
	const late = calls.filter(
		({ operation, left, seq, execution: by }) =>
			operation === 'create' && left && by === id && seq > stoppedSeq,
	);
	const lasting = tries.filter(
		({ startedAt, endedAt = Infinity }) => endedAt > Math.max(stoppedAt, startedAt) + STOP_MS,
	);
	return [
		...late.map(({ at }): Violation => ({
			invariant: 2,
			rule: 'create after Stop',
			detail: `execution ${id}: stopped at ${stoppedAt} ms, create sent at ${at} ms`,
		})),
		...(execution.status === 'crashed' ? [] : lasting).map(({ endedAt }): Violation => ({
			invariant: 2,
			rule: 'run goes on after Stop',
			detail: `execution ${id}: stopped at ${stoppedAt} ms, ended at ${endedAt ?? 'no time'}`,
		})),
	];
}

const FATAL_CODES = new Set([1101]);
/** Refused for good where nothing like it is taken for a duplicate. */
const REFUSED_CODES = new Set([1301]);

function afterFatal({ calls, executions }: Record, plan: Plan, try_: TryRecord): Violation[] {
	const isTool = executions.some(({ id, kind }) => id === try_.execution && kind === 'tool');
	if (isTool) return [];
	const own = calls.filter((call) => call.try_ === try_);
	const creates = own.filter(({ operation, left }) => operation === 'create' && left);
	const fatal = own.map((call) => fatalSince(call, plan, own, creates));
	const first = Math.min(...fatal.map((since) => since ?? Infinity));
	const late = creates.filter(({ at }) => at > first);
	return late.slice(0, 1).map(({ at }) => ({
		invariant: 2,
		rule: 'create after a fatal error',
		detail: `execution ${try_.execution}: ${late.length} creates, the first at ${at} ms`,
	}));
}

/** The ms from which the run knows of a fatal error, by this answer. */
function fatalSince(
	{ operation, code = 0, answeredAt, failedTasks }: Call,
	{ node }: Plan,
	own: Call[],
	creates: Call[],
): number | undefined {
	if (answeredAt === undefined) return undefined;
	const stops = node.onError === 'stopWorkflow';
	if (operation === 'create')
		return FATAL_CODES.has(code) || (stops && REFUSED_CODES.has(code)) ? answeredAt : undefined;
	if (!stops || node.wait !== 'poll' || node.onFailedTask !== 'error') return undefined;
	const isOwn = creates.some(
		({ taskId, code: created }) =>
			taskId !== undefined && created === 0 && failedTasks.includes(taskId),
	);
	if (!isOwn) return undefined;
	const underWay = own.filter(({ at, answeredAt: end = 0 }) => at < answeredAt && end > answeredAt);
	return Math.max(answeredAt, ...underWay.map(({ answeredAt: end = 0 }) => end));
}

/** Requests of one look, tries of a request, and pauses between: what a time limit may be exceeded by. */
const SLACK_MS = 400_000;

function withinLimits(record: Record, plan: Plan): Violation[] {
	const { timeoutS, capacityTimeoutS } = plan.node;
	const orders = plan.items.length * (plan.node.set === 'all' ? 3 : 1);
	const slowMs = plan.faults.reduce((sum, { delayS = 0, times }) => sum + delayS * 1000 * times, 0);
	const limit = timeoutS * 1000 + orders * (capacityTimeoutS * 1000 + SLACK_MS) + slowMs;
	const long = record.executions
		.filter(({ status }) => status !== 'crashed')
		.flatMap(({ tries }) => tries)
		.filter(({ startedAt, endedAt = Infinity }) => endedAt - startedAt > limit);
	const never = record.end === 'done' ? [] : [`the world is ${record.end}`];
	return [...long.map(({ execution }) => `execution ${execution}: over ${limit} ms`), ...never].map(
		(detail) => ({ invariant: 2, rule: 'no end within the time limits', detail }),
	);
}
