import type { INodeExecutionData } from 'n8n-workflow';
import type { Task } from '../../kling';
import type { ExecutionRecord, Place, Record, TryRecord } from '../record';
import type { Plan } from '../world/plan';
import { isError, itemIndexesOf, itemIndexOf, lastTries, ownIdsOf } from './reading';
import type { Invariant, Violation } from './violation';

/**
 * 3, part three. `completed: true` only for a final task, and a task that is not final says `completed: false` where the node
 * waited. `reused` only where the run charged nothing for the item. Each item carries its own task: of its image, or of its
 * External Task ID; and of two images under one id in a run only the first that could be read gets a task.
 */
export const outputs: Invariant = (record, plan) =>
	record.executions.flatMap((execution) => {
		if (execution.status === 'crashed') return [];
		return [
			...lastTries(execution.tries).flatMap((one) => ofTry(record, plan, one)),
			...execution.outputs.flatMap((output) => ofOutput(record, plan, execution, output)),
		];
	});

function violation(rule: string, detail: string): Violation {
	return { invariant: 3, rule, detail };
}

/** What only the moment of the output can tell: later the task goes on. */
function ofTry(record: Record, plan: Plan, try_: TryRecord): Violation[] {
	return (try_.output ?? []).flatMap((item) => {
		const { task_id, completed, reused } = item.json;
		if (isError(item) || typeof task_id !== 'string') return [];
		const isFinal = try_.finalTasks?.has(task_id) === true;
		const where = `execution ${try_.execution}, item ${itemIndexOf(item)}, task ${task_id}`;
		const charged = record.charges.some(
			({ task, call }) =>
				task.task_id === task_id && call.try_ === try_ && isImageOf(call.body, try_, item),
		);
		const shared =
			try_.places.filter(({ ownId }) => ownId === placeOf(try_, item)?.ownId).length > 1;
		return [
			...(completed === true && !isFinal
				? [violation('"completed" for a task that runs', where)]
				: []),
			...(plan.node.wait !== 'none' && !isFinal && completed !== false
				? [violation('a running task without "completed": false', where)]
				: []),
			...(reused === true && charged && !(shared && placeOf(try_, item)?.ownId !== undefined)
				? [violation('"reused" for a task that this run charged', where)]
				: []),
		];
	});
}

function placeOf({ places }: TryRecord, item: INodeExecutionData): Place | undefined {
	return places[itemIndexOf(item)];
}

function isImageOf(
	body: Record['calls'][number]['body'],
	try_: TryRecord,
	item: INodeExecutionData,
): boolean {
	return body?.element_frontal_image === placeOf(try_, item)?.image;
}

type Output = ExecutionRecord['outputs'][number];

function ofOutput(
	record: Record,
	plan: Plan,
	execution: ExecutionRecord,
	output: Output,
): Violation[] {
	const { main, errors, finalTasks } = output;
	const indexes = main.map(itemIndexOf);
	const where = `execution ${execution.id} (${execution.status}${execution.paused ? ', paused' : ''})`;
	const isOrdered = indexes.every(
		(index, position) => position === 0 || index >= (indexes[position - 1] ?? 0),
	);
	const expected = execution.kind === 'tool' ? 1 : plan.items.length;
	const covered = new Set([...main, ...errors].flatMap(itemIndexesOf)).size;
	return [
		...(isOrdered ? [] : [violation('items out of order', `${where}: ${indexes.join(', ')}`)]),
		...(covered === expected
			? []
			: [violation('items lost', `${where}: ${covered} of ${expected}`)]),
		...main.flatMap((item) => foreignTask(record, plan, output, item, where)),
		...main
			.filter(
				({ json }) => json.completed === true && finalTasks?.has(String(json.task_id)) === false,
			)
			.map(({ json }) =>
				violation('"completed" for a task that runs', `${where}: ${String(json.task_id)}`),
			),
	];
}

function foreignTask(
	record: Record,
	{ node }: Plan,
	output: Output,
	item: INodeExecutionData,
	where: string,
): Violation[] {
	const { task_id } = item.json;
	const place = output.places[itemIndexOf(item)];
	if (isError(item) || typeof task_id !== 'string' || !place) return [];
	const task = record.tasks.find((one) => one.task_id === task_id);
	const at = `${where}, item ${itemIndexOf(item)}, task ${task_id}`;
	if (!task) return [violation('a task that does not exist', at)];
	if (place.ownId !== undefined && !place.isLoose)
		return ownIdsOf(place, node).includes(task.external_task_id ?? '')
			? sameImage(output, place, item, at)
			: [violation("another item's task", at)];
	return isOfImage(record, task, place) ? [] : [violation("another item's task", at)];
}

/** A task made elsewhere was made of nobody knows what. */
function isOfImage({ charges }: Record, { task_id }: Task, { imageBase }: Place): boolean {
	const charge = charges.find(({ task }) => task.task_id === task_id);
	const image = charge?.call.body?.element_frontal_image;
	return image === undefined || String(image).replace(/\?v=\d+$/, '') === imageBase;
}

/** An item whose views could not be read sends nothing, and leaves its id to the next one. */
function sameImage(
	{ places, main }: Output,
	place: Place,
	item: INodeExecutionData,
	at: string,
): Violation[] {
	const created = new Set(main.filter((one) => !isError(one)).flatMap(itemIndexesOf));
	const first = places.find(
		({ ownId, source }, index) =>
			ownId === place.ownId && (source === undefined || created.has(index)),
	);
	if (first === undefined || first.imageBase === place.imageBase) return [];
	return itemIndexOf(item) === places.indexOf(first)
		? []
		: [violation('two images under one id in a run', at)];
}
