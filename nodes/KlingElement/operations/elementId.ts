import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from '../../shared/input/parameterError';
import { filledByModel } from '../../shared/input/tool';
import { isObject } from '../../shared/lib/values';

export const elementIdFields: INodeProperties[] = filledByModel(
	{
		displayName: 'Element',
		name: 'elementId',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'id', value: '={{ $json.element_id }}' },
		description:
			'The element to delete. IDs are text: as a number the last digits of a long one would be lost.',
		modes: [
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 829836802793406551',
				hint: 'The element_id that this node has output',
			},
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select an element...',
				typeOptions: { searchListMethod: 'searchElements', searchable: true },
			},
		],
	},
	'Element_ID',
	'The element_id of the element exactly as a tool of Kling has answered it: digits, as text, not as a number.',
	(value) => ({ __rl: true, mode: 'id', value }),
);

/** Digits. @throws NodeOperationError */
export function readElementId(context: IExecuteFunctions, itemIndex: number): string {
	const parameter: unknown = context.getNodeParameter('elementId', itemIndex);
	const value = isObject(parameter) ? parameter.value : parameter;
	if (typeof value === 'number' && !Number.isSafeInteger(value))
		throw parameterError(
			context,
			'The Element ID',
			`is a number (${value}), whose last digits are lost`,
			'Give the id as text, in quotes, as this node outputs it.',
		);
	const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (id === '' || id === 'undefined' || id === 'null')
		throw parameterError(
			context,
			'The Element ID',
			'is empty',
			'Give the element_id that Create Element or List Elements output, for example {{ $json.element_id }}.',
		);
	if (/^[1-9]\d{0,18}$/.test(id)) return id;
	throw parameterError(
		context,
		'The Element ID',
		`is not an id: ${quoted(id)}`,
		'Digits such as 829836802793406551 are expected. The id of a task begins with task_id, not element_id.',
	);
}
