import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { readNumber } from '../input/numberOption';
import { parameterError, quoted } from '../input/parameterError';

/** In-process; parked until Kling calls (Create Task); parked between single looks (Wait for Task). */
export type WaitMode = 'poll' | 'callback' | 'timer';

export interface WaitSettings {
	/** Of each task, from the moment that its wait begins. */
	timeoutMs: number;
	/** Between two checks; 0: automatic. */
	intervalMs: number;
	onFailedTask: 'error' | 'output';
	onTimeout: 'error' | 'output';
}

/** n8n ends a pause on the second from here on, and shorter ones up to a minute late. */
export const SHORTEST_PAUSE_S = 65;

const timeout: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 86_400 },
	default: 900,
	description:
		'Seconds to wait for a task at the most, 1 to 86,400; at least 65 with Pause Until Callback. The task goes on at Kling all the same, stays paid, and can be waited for again.',
	displayOptions: { hide: { '/waitMode': ['timer'] } },
};

const pollInterval: INodeProperties = {
	displayName: 'Poll Interval',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 600 },
	default: 5,
	description:
		'Seconds between the first two looks at the tasks, 1 to 600; the pauses then grow to three times as much. Looks are free.',
};

const onFailedTask: INodeProperties = {
	displayName: 'On Failed Task',
	name: 'onFailedTask',
	type: 'options',
	options: [
		{ name: 'Output the Task', value: 'output', description: 'With task_status "failed"' },
		{
			name: 'Throw an Error',
			value: 'error',
			description: "With the task's ID and Kling's reason",
		},
	],
	default: 'error',
	description: 'What to do with a task that Kling could not finish',
};

const onTimeout: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	options: [
		{ name: 'Output the Task', value: 'output', description: 'With "completed": false' },
		{ name: 'Throw an Error', value: 'error', description: "With the task's ID and last status" },
	],
	default: 'error',
	description: 'What to do with a task that is not finished within the Timeout',
};

const timerInterval: INodeProperties = {
	displayName: 'Timer Interval',
	name: 'timerInterval',
	type: 'number',
	typeOptions: { minValue: SHORTEST_PAUSE_S, maxValue: 86_400 },
	default: 65,
	description:
		'Seconds to pause between two looks, 65 to 86,400. Shorter pauses n8n would end up to a minute late.',
	displayOptions: { show: { '/waitMode': ['timer'] } },
};

/** Entries of the operation's `options`. */
export const waitOptions: INodeProperties[] = [
	timeout,
	timerInterval,
	...updateDisplayOptions({ show: { '/waitMode': ['poll'] } }, [
		pollInterval,
		onFailedTask,
		onTimeout,
	]),
];

/** Read once a run, from item 0. With a pause, and where polling takes its place, what ends a wait is data. */
export function readWaitSettings(context: IExecuteFunctions, waitMode: WaitMode): WaitSettings {
	if (waitMode === 'timer')
		return { timeoutMs: 0, intervalMs: 0, onFailedTask: 'output', onTimeout: 'output' };
	const timeoutS = readNumber(context, timeout);
	if (waitMode === 'callback' && timeoutS < SHORTEST_PAUSE_S)
		throw parameterError(
			context,
			'Timeout',
			`is ${quoted(timeoutS)}`,
			`With Pause Until Callback at least ${SHORTEST_PAUSE_S} seconds are needed: n8n ends shorter pauses late. Use Keep Polling for a shorter time.`,
		);
	return {
		timeoutMs: timeoutS * 1000,
		intervalMs: readNumber(context, pollInterval) * 1000,
		onFailedTask: readChoice(context, waitMode, onFailedTask),
		onTimeout: readChoice(context, waitMode, onTimeout),
	};
}

/** Milliseconds. */
export function readTimerInterval(context: IExecuteFunctions): number {
	return readNumber(context, timerInterval) * 1000;
}

function readChoice(
	context: IExecuteFunctions,
	waitMode: WaitMode,
	{ name }: INodeProperties,
): 'error' | 'output' {
	const options = context.getNodeParameter('options', 0, {});
	return waitMode === 'callback' || options[name] === 'output' ? 'output' : 'error';
}
