import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from '../input/parameterError';
import type { WaitMode } from './settings';

const COMPLETED_NOTICE =
	'After a pause each item says <code>"completed": true</code> or <code>false</code>: let an <b>IF</b> node look at it, since a time limit is no error here. A failed task comes out as data, with its <code>task_status</code>.';

/** Of Create Task, which can have Kling call it back. */
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
					'The execution is parked at no cost until Kling calls. n8n must be reachable from the internet.',
			},
		],
		default: 'poll',
		description:
			'How the node waits for the end of the task. Keep Polling is right wherever you are not sure.',
	},
	{
		displayName: `Kling must be able to reach this n8n from the internet by https (<code>WEBHOOK_URL</code>). Where n8n's address is no such one, the node polls instead and says so. ${COMPLETED_NOTICE} Pictures are downloaded by a Get Task after it.`,
		name: 'callbackNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { waitMode: ['callback'] } },
	},
];

/** Of Wait for Task, whose tasks call somebody else. */
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
				name: 'Pause Between Looks',
				value: 'timer',
				description:
					'Looks once. If a task is not finished, the execution is parked at no cost for the Timer Interval and then goes on. Needs no public address.',
			},
		],
		default: 'poll',
		description:
			'How the node waits for the end of the task. Keep Polling is right wherever you are not sure.',
	},
	{
		displayName: `${COMPLETED_NOTICE} Lead the <b>false</b> branch back into this node for the next look.`,
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
	throw parameterError(context, 'Wait Mode', `is ${quoted(mode)}`, 'One of its menu is expected.');
}
