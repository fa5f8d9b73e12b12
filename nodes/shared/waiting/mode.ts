import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from '../input/parameterError';
import type { WaitMode } from './settings';

const MORE =
	'<a href="https://github.com/kling-multi-shot/n8n-nodes-kling-multi-shot#waiting" target="_blank">More about waiting</a>';

/** For Create Task, which Kling can call back. */
export const createWaitMode: INodeProperties[] = [
	{
		displayName: 'Wait Mode',
		name: 'waitMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Keep Polling',
				value: 'poll',
				description: 'Works everywhere. The execution stays active until the tasks have finished.',
			},
			{
				name: 'Pause Until Callback',
				value: 'callback',
				description:
					'The execution pauses until Kling calls. n8n must be reachable from the internet over HTTPS.',
			},
		],
		default: 'poll',
		description:
			'How to wait until the task has finished. If you are not sure, choose Keep Polling.',
	},
	{
		displayName: `n8n needs a public HTTPS address; otherwise the node polls. A timeout is not an error here: check <code>completed</code>. ${MORE}`,
		name: 'callbackNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { waitMode: ['callback'] } },
	},
];

/** For Wait for Task, whose tasks call somebody else. */
export const taskWaitMode: INodeProperties[] = [
	{
		displayName: 'Wait Mode',
		name: 'waitMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Keep Polling',
				value: 'poll',
				description: 'Works everywhere. The execution stays active until the tasks have finished.',
			},
			{
				name: 'Pause Between Checks',
				value: 'timer',
				description:
					'Checks once. If a task has not finished, the execution pauses for the Timer Interval and then continues. Needs no public address.',
			},
		],
		default: 'poll',
		description:
			'How to wait until the task has finished. If you are not sure, choose Keep Polling.',
	},
	{
		displayName: `Check <code>completed</code> with an <b>IF</b>, and connect its <b>false</b> branch back to this node. A failed task is not an error here. ${MORE}`,
		name: 'timerNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { waitMode: ['timer'] } },
	},
];

/** Read once a run, from item 0. */
export function readWaitMode(context: IExecuteFunctions, fields: INodeProperties[]): WaitMode {
	const mode: unknown = context.getNodeParameter('waitMode', 0, 'poll');
	const known = fields[0]?.options?.some((option) => 'value' in option && option.value === mode);
	if (known) return mode as WaitMode;
	throw parameterError(
		context,
		'Wait Mode',
		`is ${quoted(mode)}`,
		'Choose an entry from the list.',
	);
}
