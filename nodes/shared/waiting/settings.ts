import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { readNumber } from '../input/numberOption';
import { parameterError } from '../input/parameterError';

/** In-process; parked until Kling calls (Create Task); parked between single checks (Wait for Task). */
export type WaitMode = 'poll' | 'callback' | 'timer';

export interface WaitSettings {
	/** Of each task, from the moment that its wait begins. */
	timeoutMs: number;
	/** Between two checks; 0: automatic. */
	intervalMs: number;
	onFailedTask: 'error' | 'output';
	onTimeout: 'error' | 'output';
	/** From the moment that a task's wait begins, a check that failed is repeated at the timeout. */
	repeatFailedForMs: number;
}

/** n8n ends a pause on time from here on, and shorter ones up to a minute late. */
const MIN_PAUSE_S = 65;

/** An entry of `options`. */
export const timeout: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 86_400 },
	default: 900,
	description:
		'How long to wait for each task, 1 to 86,400 seconds, at least 65 with Pause Until Callback. After that, the task continues at Kling and stays charged, and you can wait for it again.',
	displayOptions: { hide: { '/waitMode': ['timer'] } },
};

const pollInterval: INodeProperties = {
	displayName: 'Poll Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 600 },
	default: 0,
	description:
		'Time between two checks, 1 to 600 seconds. 0 is automatic: the node checks most often when tasks usually finish. Checks are free.',
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
	description: 'What to do with a task that does not finish within the Timeout',
};

const timerInterval: INodeProperties = {
	displayName: 'Timer Interval (Seconds)',
	name: 'timerInterval',
	type: 'number',
	typeOptions: { minValue: MIN_PAUSE_S, maxValue: 86_400 },
	default: 65,
	description:
		'How long to pause between two checks, 65 to 86,400 seconds. n8n would end shorter pauses up to a minute late.',
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

/** However the task ends, and at the timeout, the node outputs it. */
export const ENDS_AS_DATA = { onFailedTask: 'output', onTimeout: 'output' } as const;

/** Check each task once, then stop. A check that fails is repeated for a while. */
export const ONE_CHECK: WaitSettings = {
	timeoutMs: 0,
	intervalMs: 0,
	repeatFailedForMs: 30_000,
	...ENDS_AS_DATA,
};

/** Read once per run, from item 0. With a pause, or polling in place of one, a failed task and a timeout are output. */
export function readWaitSettings(
	context: IExecuteFunctions,
	waitMode: Exclude<WaitMode, 'timer'>,
): WaitSettings {
	const timeoutS = readNumber(context, timeout);
	const isPause = waitMode === 'callback';
	if (isPause && timeoutS < MIN_PAUSE_S)
		throw parameterError(
			context,
			'Timeout',
			`must be at least ${MIN_PAUSE_S} seconds with Pause Until Callback, got ${timeoutS}`,
			'n8n ends shorter pauses late. For a shorter time, use Keep Polling.',
		);
	return {
		timeoutMs: timeoutS * 1000,
		intervalMs: readNumber(context, pollInterval, { min: 1 }) * 1000,
		onFailedTask: readChoice(context, onFailedTask),
		onTimeout: readChoice(context, onTimeout),
		repeatFailedForMs: 0,
		...(isPause && ENDS_AS_DATA),
	};
}

/** Milliseconds. */
export function readTimerInterval(context: IExecuteFunctions): number {
	return readNumber(context, timerInterval) * 1000;
}

function readChoice(context: IExecuteFunctions, { name }: INodeProperties): 'error' | 'output' {
	const options = context.getNodeParameter('options', 0, {});
	return options[name] === 'output' ? 'output' : 'error';
}
