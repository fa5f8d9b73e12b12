import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isUsableExternalId } from '../client/externalId';
import { parameterError, quoted } from '../input/parameterError';
import { readText } from '../input/text';
import type { Order } from './order';

/**
 * Entries of the operation's `options` that are read for each item.
 * @param example of an id
 * @param without what the node does where the user gives no id
 */
export function externalIdOptions(example: string, without: string): INodeProperties[] {
	return [
		{
			displayName: 'External Task ID',
			name: 'externalTaskId',
			type: 'string',
			default: '',
			placeholder: `e.g. ${example}`,
			description: `An ID from your own data, unique in your Kling account, for example a SKU. It also prevents double charges between executions: when you run the workflow again, and with Executions → Retry. ${without}`,
		},
		{
			displayName: 'If External ID Exists',
			name: 'ifExternalIdExists',
			type: 'options',
			displayOptions: { show: { externalTaskId: [{ _cnd: { exists: true } }] } },
			options: [
				{
					name: 'Reuse Its Task',
					value: 'reuse',
					description: 'Output what was created with this ID before, at no cost',
				},
				{ name: 'Throw an Error', value: 'error', description: 'Nothing is created or charged' },
			],
			default: 'reuse',
			description: 'What to do when a task with your External Task ID already exists',
		},
		{
			displayName: 'Reuse Task on Retry',
			name: 'reuseTaskOnRetry',
			type: 'boolean',
			default: true,
			description:
				'Whether a retry within one execution (Retry On Fail, or a lost answer) outputs the task of the first try instead of paying again. Off: each try may be charged.',
		},
	];
}

/** @throws NodeOperationError */
export function readExternalIdOptions(
	context: IExecuteFunctions,
	itemIndex: number,
): Pick<Order, 'external_task_id' | 'ifExternalIdExists' | 'reuseTaskOnRetry'> {
	const options = context.getNodeParameter('options', itemIndex, {});
	return {
		external_task_id: readExternalId(context, options.externalTaskId),
		ifExternalIdExists: options.ifExternalIdExists === 'error' ? 'error' : 'reuse',
		reuseTaskOnRetry: options.reuseTaskOnRetry !== false,
	};
}

function readExternalId(context: IExecuteFunctions, value: unknown): string {
	const id = readText(context, 'External Task ID', value);
	if (isUsableExternalId(id)) return id;
	throw parameterError(
		context,
		'External Task ID',
		`cannot be used in a URL: ${quoted(id)}`,
		'Use text such as order-1042, without broken Unicode characters.',
	);
}

export const maxConcurrent: INodeProperties = {
	displayName: 'Max Concurrent',
	name: 'maxConcurrent',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100 },
	default: 5,
	description:
		"How many creates are sent at a time, 1 to 100. The node detects your account's concurrency limit by itself. Each create holds its image in memory while it is sent.",
};

export const maxNewTasks: INodeProperties = {
	displayName: 'Max New Tasks',
	name: 'maxNewTasks',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1_000_000 },
	default: 0,
	description:
		"How many new tasks this node may create in one execution, 1 to 1,000,000, or 0 for no limit. Loops and an agent's calls count together. Tasks that exist already do not count.",
};

export const capacityTimeout: INodeProperties = {
	displayName: 'Capacity Timeout (Seconds)',
	name: 'capacityTimeout',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 86_400 },
	default: 600,
	description:
		'How long to wait for a free slot while all slots of the account are taken, 0 to 86,400 seconds, counted from the last task that Kling accepted. Then the create ends with an error and is not charged.',
};
