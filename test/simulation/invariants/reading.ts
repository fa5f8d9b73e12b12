import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Task } from '../../kling';
import type { Charge, ExecutionRecord, Place, Record, TryRecord } from '../record';
import type { NodePlan } from '../world/plan';

/** Fields of the items that came in: the package says nothing by passing them on. */
const INPUT_FIELDS = ['image', 'source', 'ownId', 'varies', 'intent'];

export function withoutInput(json: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([key]) => !INPUT_FIELDS.includes(key)));
}

/** An item that says that it failed. */
export function isError({ json }: INodeExecutionData): boolean {
	return json.error !== undefined;
}

export function itemIndexOf(item: INodeExecutionData): number {
	return itemIndexesOf(item)[0] ?? -1;
}

/** Items that want the same element have one output. */
export function itemIndexesOf({ pairedItem }: INodeExecutionData): number[] {
	return [pairedItem ?? []].flat().map((pair) => (typeof pair === 'number' ? pair : pair.item));
}

/**
 * All that n8n keeps of an execution and shows to its user. Of one that was stopped only the log, the custom data and what
 * earlier runs of the node put out are sure to be kept.
 */
export function everythingRead(execution: ExecutionRecord): string {
	const { outputs, error, log, customData, status } = execution;
	const items = outputs.flatMap(({ main, errors }) => [...main, ...errors]);
	const kept: unknown[] = [items.map(({ json }) => withoutInput(json)), log, customData];
	if (status !== 'canceled') kept.push(error, hintsRead(execution));
	return JSON.stringify(kept);
}

/** n8n keeps the hints of a try that ended without an error. */
export function hintsRead({ tries }: ExecutionRecord): string[] {
	return lastTries(tries).flatMap(({ hints, error }) => (error ? [] : hints));
}

/** The one whose outcome n8n shows, for each run of the node. */
export function lastTries(tries: TryRecord[]): TryRecord[] {
	return tries.filter((one, position) => {
		const next = tries[position + 1];
		return next === undefined || next.number === 0 || next.places.length !== one.places.length;
	});
}

/** The External Task IDs that an item's own id stands for: with Set All each set has its own. */
export function ownIdsOf({ ownId }: Place, { from, set }: NodePlan): string[] {
	if (ownId === undefined) return [];
	return from === 'views' && set === 'all' ? [1, 2, 3].map((one) => `${ownId}-${one}`) : [ownId];
}

/** Charges that belong to one item of an execution, in all its tries. */
export function chargesOf(
	record: Record,
	node: NodePlan,
	executionId: string,
	runIndex: number,
	place: Place,
): Charge[] {
	const ownIds = ownIdsOf(place, node);
	return record.charges.filter(({ call }) => {
		if (call.execution !== executionId || call.try_?.runIndex !== runIndex) return false;
		const { element_frontal_image, external_task_id } = call.body ?? {};
		if (ownIds.length > 0 && !place.isLoose) return ownIds.includes(String(external_task_id));
		return String(element_frontal_image).replace(/\?v=\d+$/, '') === place.imageBase;
	});
}

/** Tasks with the same External Task ID that another process was charged for: nobody can tell them from this one. */
export function twinsOf({ charges }: Record, { task, call }: Charge): Task[] {
	const { external_task_id } = task;
	if (external_task_id === undefined) return [];
	return charges
		.filter((other) => other.task !== task && other.call.process !== call.process)
		.map((other) => other.task)
		.filter((twin) => twin.external_task_id === external_task_id);
}

/** Whether several items stand for the same image or id, so that a charge has no single owner. */
export function isShared(places: Place[], place: Place): boolean {
	const hasId = place.ownId !== undefined && !place.isLoose;
	const same = places.filter(({ imageBase, ownId }) =>
		hasId ? ownId === place.ownId : imageBase === place.imageBase,
	);
	return same.length > 1;
}
