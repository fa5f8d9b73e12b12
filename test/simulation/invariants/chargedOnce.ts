import type { Task } from '../../kling';
import type { Charge, Place, Record } from '../record';
import { DEFAULT_SWITCHES, type Switches } from '../../kling';
import type { Plan } from '../world/plan';
import { ownIdsOf } from './reading';
import type { Invariant, Violation } from './violation';

/**
 * 1. Per intended item at most one charge, wherever the package could know of the earlier one.
 *
 * What is intended: with an own External Task ID, that id in the whole account. Without one, of an element from views, task
 * and set in the whole account, and one more for each that has failed before. Otherwise the place: execution, run and item, in
 * all tries; as a tool the image as sent and the own id in place of the item: n8n names no call, so that a try that says
 * another image or id is like another call. With "Reuse Task on Retry" off, the same place at one try.
 *
 * The package could know of an earlier charge when
 * - the same process made both, or
 * - the earlier task was to be seen, for SEEN_FOR_MS before the second one was sent: by a lookup of its external id, or
 *   in List with that id shown.
 * Kling that refuses duplicates charges twice only if two different ids were sent, which only the same process can do.
 * Not judged: two processes with one id, and Kling that neither refuses nor shows it; and a create that Kling shows only
 * LOST_AFTER_MS after the process gave it up.
 */
export const chargedOnce: Invariant = (record, plan) => {
	const groups = new Map<string, Charge[]>();
	for (const charge of record.charges) {
		const { key } = intentOf(charge, record, plan);
		groups.set(key, [...(groups.get(key) ?? []), charge]);
	}
	return [
		...[...groups].flatMap(([key, charges]) => judge(record, plan, key, charges)),
		...overLimit(record, plan),
	];
};

/** An execution has one node, and one process until it pauses. */
function overLimit({ charges, executions }: Record, { node }: Plan): Violation[] {
	if (node.maxNewTasks === 0) return [];
	return executions.flatMap(({ id }): Violation[] => {
		const count = charges.filter(({ call }) => call.execution === id).length;
		if (count <= node.maxNewTasks) return [];
		const detail = `execution ${id}: ${count} charged, the limit is ${node.maxNewTasks}`;
		return [{ invariant: 1, rule: 'more charges than Max New Tasks', detail }];
	});
}

/** The looks before a create take time, more of it when requests are slow. */
const SEEN_FOR_MS = 10_000;

function judge(record: Record, plan: Plan, key: string, charges: Charge[]): Violation[] {
	const [first] = charges;
	if (!first) return [];
	const { ownId, isOfViews, allowed: least } = intentOf(first, record, plan);
	const violations: Violation[] = [];
	const elsewhere = record.tasks.filter(
		(task) => !task.charged && ownId !== undefined && task.external_task_id === ownId,
	);
	for (const [position, charge] of charges.entries()) {
		const earlier = charges.slice(0, position);
		const failed = earlier.filter(({ task }) => hasFailed(task, charge.task.created_at));
		const allowed = isOfViews ? least + failed.length : least;
		const inProcess = earlier.filter(
			(one) => one.call.process === charge.call.process && !isShownTooLate(one, plan),
		);
		const seen = [...earlier.map(({ task }) => task), ...elsewhere].filter(
			(task) =>
				isNamedAlike(task, charge.task, isOfViews) && wasSeen(record, plan, task, charge.task),
		);
		const rule =
			inProcess.length >= allowed
				? 'charged again by one process'
				: seen.length >= allowed
					? 'charged again although the task was to be seen'
					: undefined;
		if (rule === undefined) continue;
		const detail = `${key}: create at ${charge.at} ms by ${charge.call.process}, ${earlier.length} before`;
		violations.push({ invariant: 1, rule, detail });
	}
	return violations;
}

interface Intent {
	key: string;
	ownId: string | undefined;
	/** The default id names task and set. */
	isOfViews: boolean;
	/** More than one where several items have one image, which nothing outside tells apart. */
	allowed: number;
}

function intentOf({ call }: Charge, { executions }: Record, plan: Plan): Intent {
	const { try_, execution, body, views } = call;
	const sent = String(body?.element_frontal_image);
	const image = withoutVersion(sent);
	const sentId = body?.external_task_id;
	const places = try_?.places ?? [];
	const isNamedBy = (place: Place) => ownIdsOf(place, plan.node).includes(String(sentId));
	const alone = { ownId: undefined, isOfViews: false, allowed: 1 };
	if (places.some((place) => !place.isLoose && isNamedBy(place)))
		return { ...alone, key: `id ${String(sentId)}`, ownId: String(sentId) };
	const { task_id = '', set = '' } = views ?? {};
	if (views && String(sentId).startsWith(`element-${task_id}-${set}`))
		return { ...alone, key: `element of ${task_id} set ${set}`, isOfViews: true };
	const tryPart = plan.node.reuseTaskOnRetry ? '' : ` try ${try_?.startedSeq}`;
	const isTool = executions.some(({ id, kind }) => id === execution && kind === 'tool');
	const loose = places.find((place) => place.isLoose && isNamedBy(place))?.ownId;
	const run = isTool ? `tool ${sent} ${loose ?? ''}` : `run ${try_?.runIndex}`;
	const same = isTool
		? plan.items.filter((item) => image.endsWith(`/${item.image}.png`))
		: places.filter(({ imageBase }) => imageBase === image);
	const key = `execution ${execution} ${run} image ${image} ${set}${tryPart}`;
	return { ...alone, key, allowed: Math.max(1, same.length) };
}

function withoutVersion(image: string): string {
	return image.replace(/\?v=\d+$/, '');
}

/** From then on a create that nobody has seen counts as lost, which docs/promises.md says. */
const LOST_AFTER_MS = 20_000;

function isShownTooLate({ at, call }: Charge, { kling }: Plan): boolean {
	const { answeredAt } = call;
	if (answeredAt === undefined || at <= answeredAt) return false;
	const { getVisibleAfterMs = 0, listVisibleAfterMs = 0 } = kling.switches;
	return at + Math.min(getVisibleAfterMs, listVisibleAfterMs) > answeredAt + LOST_AFTER_MS;
}

function hasFailed({ history }: Task, at: number): boolean {
	return history.some(({ status, since }) => status === 'failed' && since <= at);
}

/** Of views: the same id, or that id with the number of an earlier or a later element. */
function isNamedAlike(one: Task, other: Task, isOfViews: boolean): boolean {
	if (one.external_task_id === undefined) return false;
	return isOfViews || one.external_task_id === other.external_task_id;
}

function wasSeen({ tasks }: Record, plan: Plan, task: Task, second: Task): boolean {
	const switches: Switches = { ...DEFAULT_SWITCHES, ...plan.kling.switches };
	const sentTime = second.created_at;
	const age = sentTime - task.created_at - SEEN_FOR_MS - slowness(plan);
	const wait = (ms: number) => (task.charged ? ms : 0);
	// An id that is another task's task_id shows that one.
	const isHidden = tasks.some(({ task_id }) => task_id === task.external_task_id);
	const byLookup =
		!isHidden &&
		!isDenied(plan) &&
		switches.lookupByExternalId &&
		age >= wait(switches.getVisibleAfterMs);
	const endedAt =
		task.status === 'succeed' || task.status === 'failed' ? task.updated_at : Infinity;
	const shownFrom = switches.taskInfo === 'always' ? task.created_at : endedAt;
	const showsId = switches.taskInfo === 'always' || switches.taskInfo === 'final';
	const byList =
		showsId &&
		age >= wait(switches.listVisibleAfterMs) &&
		sentTime - shownFrom >= SEEN_FOR_MS + switches.queryLagMs + slowness(plan);
	return byLookup || byList;
}

/** Kling may say that it does not know a task which it has. */
function isDenied({ faults }: Plan): boolean {
	return faults.some(({ on, kind, code }) => on === 'get' && kind === 'code' && code === 1201);
}

function slowness({ faults }: Plan): number {
	return faults.reduce((sum, { delayS = 0, times }) => sum + delayS * 1000 * times, 0);
}
