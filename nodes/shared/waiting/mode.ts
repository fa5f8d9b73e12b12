import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from '../input/parameterError';
import type { WaitMode } from './settings';

const COMPLETED_NOTICE =
	'After a pause each item has <code>completed</code>: true or false. Check it with an <b>IF</b> node, since here neither a timeout nor a failed task is an error.';

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
					'The execution pauses without using n8n until Kling calls. n8n must be reachable from the internet.',
			},
		],
		default: 'poll',
		description:
			'How to wait until the task has finished. If you are not sure, choose Keep Polling.',
	},
	{
		displayName: `Needs a public HTTPS address of n8n (<code>WEBHOOK_URL</code>). Without one, the node polls instead and adds a hint. ${COMPLETED_NOTICE}`,
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
					'Checks once. If a task is not finished, the execution pauses for the Timer Interval and then goes on. Needs no public address.',
			},
		],
		default: 'poll',
		description:
			'How to wait until the task has finished. If you are not sure, choose Keep Polling.',
	},
	{
		displayName: `${COMPLETED_NOTICE} Connect its <b>false</b> branch back to this node for the next check.`,
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
	throw parameterError(context, 'Wait Mode', `is ${quoted(mode)}`, 'Choose an entry of the menu.');
}
