import type { Operation } from './operation';
import { startPolling } from './polling';
import { readTaskId, taskIdField } from './taskId';
import { optionsField } from './optionsField';
import { readPollSettings, waitOptions } from './waitSettings';

export const wait: Operation = {
	entry: {
		name: 'Wait for Task',
		value: 'wait',
		action: 'Wait for a task',
		description: 'Wait until a task made elsewhere has finished, and put out the finished task',
	},
	fields: [taskIdField, optionsField(waitOptions)],
	start(context) {
		const waitForTask = startPolling(context, readPollSettings(context));
		return async (itemIndex) => [{ json: await waitForTask(readTaskId(context, itemIndex)) }];
	},
};
