import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { readNumber } from './numberOption';
import type { PollSettings } from './polling';

const timeout: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 86_400 },
	default: 900,
	description:
		'Seconds to wait for a task at the most, 1 to 86,400. Then the node ends with an error; the task goes on at Kling and can be waited for again.',
};

const pollInterval: INodeProperties = {
	displayName: 'Poll Interval',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 600 },
	default: 5,
	description: 'Seconds between two looks at the task, 1 to 600. Looks are free.',
};

/** Entries of the operation's `options`. */
export const waitOptions: INodeProperties[] = [pollInterval, timeout];

/** Read once a run, from item 0. */
export function readPollSettings(context: IExecuteFunctions): PollSettings {
	return {
		timeoutMs: readNumber(context, timeout) * 1000,
		intervalMs: readNumber(context, pollInterval) * 1000,
	};
}
