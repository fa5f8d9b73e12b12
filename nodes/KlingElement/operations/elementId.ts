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
		description: 'The element to delete. IDs are text: as numbers, they lose their last digits.',
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
	'The element_id of the element exactly as another Kling tool returned it: digits, as text, not as a number.',
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
			`is a number (${value}), and its last digits are lost`,
			'Pass the ID as text, in quotes, as this node outputs it.',
		);
	const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (id === '' || id === 'undefined' || id === 'null')
		throw parameterError(
			context,
			'The Element ID',
			'is empty',
			'Enter the element_id that Create Element or List Elements has output, for example {{ $json.element_id }}.',
		);
	if (/^[1-9]\d{0,18}$/.test(id)) return id;
	throw parameterError(
		context,
		'The Element ID',
		`is not an ID: ${quoted(id)}`,
		'Enter digits such as 829836802793406551. Use the element_id, not the task_id.',
	);
}
