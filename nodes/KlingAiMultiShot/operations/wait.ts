import type { Operation } from './operation';
import { optionsField } from './optionsField';
import { taskOutput } from './output';
import { startPolling } from './polling';
import { readTaskId, taskIdField } from './taskId';
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
		const polling = startPolling(context, readPollSettings(context));
		return {
			async onItem(itemIndex) {
				const task = await polling.wait(readTaskId(context, itemIndex));
				return [{ json: taskOutput(task, { completed: true }) }];
			},
			stop: polling.stop,
		};
	},
};
