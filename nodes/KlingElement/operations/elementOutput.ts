import type { IDataObject } from 'n8n-workflow';
import { isGeneratedId } from '../../shared/client/externalId';
import { canonicalStatus, externalIdOf, type KlingTask } from '../../shared/client/task';
import { trimmedText, isObject, scalarText } from '../../shared/lib/values';
import { tagName } from './tags';

/** An element as Kling's task has it; `element_id` is text, digit for digit. */
export type KlingElement = Record<string, unknown>;

/** Empty until the task has succeeded. */
export function elementsOf({ task_result }: KlingTask): KlingElement[] {
	const elements: unknown = isObject(task_result) ? task_result.elements : undefined;
	return Array.isArray(elements) ? elements.filter(isObject) : [];
}

export function isDeleted(element: KlingElement): boolean {
	return element.status === 'deleted';
}

/**
 * The task's elements, one output each; a task without elements gives one, with its own status.
 * @param added goes beside Kling's fields
 */
export function elementOutputs(task: KlingTask, added: { reused?: true } = {}): IDataObject[] {
	const shared = { ...taskFields(task), ...added };
	const elements = elementsOf(task);
	if (elements.length === 0) return [{ status: task.task_status, ...shared }];
	return elements.map((element) => ({ ...elementFields(element), ...shared }));
}

function elementFields(element: KlingElement): IDataObject {
	const { element_id, element_name, element_description, tag_list, status, owned_by } = element;
	return {
		...(element_id !== undefined && { element_id: scalarText(element_id) }),
		element_name: trimmedText(element_name),
		element_description: trimmedText(element_description),
		tags: Array.isArray(tag_list) ? tag_list.map(tagName) : [],
		status: canonicalStatus(trimmedText(status)),
		...(owned_by !== undefined && { owned_by: scalarText(owned_by) }),
	};
}

function taskFields(task: KlingTask): IDataObject {
	const external_task_id = externalIdOf(task);
	const { task_id, task_status_msg, final_unit_deduction } = task;
	return {
		task_id,
		...(external_task_id !== undefined && !isGeneratedId(external_task_id) && { external_task_id }),
		...(task_status_msg && { task_status_msg }),
		...(final_unit_deduction !== undefined && { units_charged: final_unit_deduction }),
	};
}
