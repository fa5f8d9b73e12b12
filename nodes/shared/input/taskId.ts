import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeProperties,
} from 'n8n-workflow';
import { openKling } from '../client/kling';
import { externalIdOf, type KlingTask, type TaskReference } from '../client/task';
import { klingError } from '../run/klingError';
import { isObject } from '../lib/values';
import { filledByModel } from './tool';
import { isUsableExternalId } from '../client/externalId';
import { parameterError, quoted } from './parameterError';

const LIST_PAGE_SIZE = 100;

const taskIdField: INodeProperties = {
	displayName: 'Task',
	name: 'taskId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'id', value: '={{ $json.task_id }}' },
	description:
		'The task to look at; looking is free. IDs are text of 18 digits: as a number the last ones would be lost.',
	modes: [
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 867283741759111202',
			hint: 'The task_id that Create Task, List Tasks or the trigger has put out',
		},
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a task...',
			typeOptions: { searchListMethod: 'searchTasks', searchable: true },
		},
		{
			displayName: 'By External ID',
			name: 'externalId',
			type: 'string',
			placeholder: 'e.g. order-1042',
			hint: 'The External Task ID that Create Task was given',
		},
	],
};

export const taskIdFields: INodeProperties[] = filledByModel(
	taskIdField,
	'Task_ID',
	'The task_id of the task exactly as a tool of Kling has told it: 18 digits, as text, not as a number.',
	(value) => ({ __rl: true, mode: 'id', value }),
);

/** The task id or external task id of an item, fit to be part of a path. */
export function readTaskId(context: IExecuteFunctions, itemIndex: number): TaskReference {
	const parameter: unknown = context.getNodeParameter('taskId', itemIndex);
	const value = isObject(parameter) ? parameter.value : parameter;
	const isExternal = isObject(parameter) && parameter.mode === 'externalId';
	const label = isExternal ? 'The External ID' : 'The Task ID';
	if (typeof value === 'number' && !Number.isSafeInteger(value))
		throw parameterError(
			context,
			label,
			`is a number (${value})`,
			"Kling's ids have more digits than a number holds: give the id as text, in quotes.",
		);
	const id = typeof value === 'number' ? String(value) : value;
	if (typeof id !== 'string' || id.trim() === '' || id === 'undefined' || id === 'null')
		throw parameterError(
			context,
			label,
			'is empty',
			'Give the task_id that Create Task put out, for example {{ $json.task_id }}.',
		);
	const trimmed = id.trim();
	if (isExternal ? !isUsableExternalId(trimmed) : !/^[\w-]+$/.test(trimmed))
		throw parameterError(
			context,
			label,
			`is not an id: ${quoted(trimmed)}`,
			'An id such as 867283741759111202 is expected, without spaces or other signs.',
		);
	return { id: trimmed, isExternal };
}

/** For the list in the editor: newest first, a page of {@link LIST_PAGE_SIZE} at a time. */
export async function searchTasks(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const pageNum = Number(paginationToken ?? 1);
	const { multiShot } = await openKling(this);
	const page = await multiShot.list({ pageNum, pageSize: LIST_PAGE_SIZE });
	if ('failure' in page) throw klingError(this, page.failure, { action: 'list the tasks' });
	const wanted = (filter ?? '').toLowerCase();
	const results = page.value
		.map((task) => ({ name: nameInList(task), value: task.task_id }))
		.filter(({ name }) => name.toLowerCase().includes(wanted));
	if (page.value.length < LIST_PAGE_SIZE) return { results };
	return { results, paginationToken: String(pageNum + 1) };
}

function nameInList(task: KlingTask): string {
	const created = task.created_at ? new Date(task.created_at).toISOString().slice(0, 16) : '';
	const external = externalIdOf(task);
	return [external ?? task.task_id, task.task_status, created.replace('T', ' ')]
		.filter(Boolean)
		.join(' · ');
}
