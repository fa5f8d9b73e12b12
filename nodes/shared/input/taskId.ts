import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import type { TaskReference } from '../client/task';
import { isObject } from '../lib/values';
import { filledByModel } from './tool';
import { isUsableExternalId } from '../client/externalId';
import { parameterError, quoted } from './parameterError';

interface TaskLocator {
	description: string;
	/** Below the field. */
	hint: string;
	externalHint: string;
	/** Of the node's `listSearch`. */
	searchListMethod: string;
}

/** The field `taskId`, which {@link readTaskId} reads. */
function taskIdField({
	description,
	hint,
	externalHint,
	searchListMethod,
}: TaskLocator): INodeProperties {
	return {
		displayName: 'Task',
		name: 'taskId',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'id', value: '={{ $json.task_id }}' },
		description,
		modes: [
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 867283741759111202',
				hint,
			},
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a task...',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By External ID',
				name: 'externalId',
				type: 'string',
				placeholder: 'e.g. order-1042',
				hint: externalHint,
			},
		],
	};
}

/** A notice, because n8n hides a field's own hint while the field holds an expression. */
const listNotice: INodeProperties = {
	displayName:
		'To choose a task from a list, switch the field from <b>Expression</b> to <b>Fixed</b>, then from <b>By ID</b> to <b>From List</b>',
	name: 'taskListNotice',
	type: 'notice',
	default: '',
};

export function taskLocator(locator: TaskLocator): INodeProperties[] {
	return [
		...filledByModel(
			taskIdField(locator),
			'Task_ID',
			'The task_id of the task exactly as another Kling tool returned it: 18 digits, as text, not as a number.',
			(value) => ({ __rl: true, mode: 'id', value }),
		),
		...updateDisplayOptions({ show: { '@tool': [false] } }, [listNotice]),
	];
}

/** Of tasks of AI Multi-Shot. */
export const taskIdFields: INodeProperties[] = taskLocator({
	description:
		'The task to read, at no cost. IDs are text: as numbers, they lose their last digits.',
	hint: 'The task_id that Create Task, List Tasks or the trigger has output',
	externalHint: 'The External Task ID that Create Task was given',
	searchListMethod: 'searchTasks',
});

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
			`is a number (${value}), and its last digits are lost`,
			'Pass the ID as text, in quotes: IDs have more digits than a number holds.',
		);
	const id = typeof value === 'number' ? String(value) : value;
	if (typeof id !== 'string' || id.trim() === '' || id === 'undefined' || id === 'null')
		throw parameterError(
			context,
			label,
			'is empty',
			isExternal
				? 'Enter the External Task ID that Create Task was given.'
				: 'Enter the task_id that Create Task has output, for example {{ $json.task_id }}.',
		);
	const trimmed = id.trim();
	if (isExternal ? !isUsableExternalId(trimmed) : !/^[\w-]+$/.test(trimmed))
		throw parameterError(
			context,
			label,
			`is not an ID: ${quoted(trimmed)}`,
			isExternal
				? 'Enter an ID such as order-1042.'
				: 'Enter an ID such as 867283741759111202, without spaces.',
		);
	return { id: trimmed, isExternal };
}
