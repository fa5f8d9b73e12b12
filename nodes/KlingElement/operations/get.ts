import { getTask } from '../../shared/client/taskApi';
import { readTaskId, taskLocator } from '../../shared/input/taskId';
import { toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import { klingError } from '../../shared/run/klingError';
import type { Operation } from '../../shared/run/operation';
import { elementOutputs } from './elementOutput';
import { ELEMENT_ANSWER } from './tool';

const READS_CONCURRENCY = 10;

export const get: Operation = {
	entry: {
		name: 'Get Element',
		value: 'get',
		action: 'Get an element',
		description: 'Read an element by the task that created it',
	},
	fields: [
		toolDescription(
			`Reads an element of Kling once, at no cost, and answers with it. Give the task_id that the tool which created it has returned. ${ELEMENT_ANSWER}`,
		),
		...taskLocator({
			description:
				'The task that created the element. Kling finds elements by their task, not by element_id. IDs are text: as numbers, they lose their last digits.',
			hint: 'The task_id that Create Element or List Elements has output',
			externalHint: 'The external_task_id that Create Element has output',
			searchListMethod: 'searchElementTasks',
		}),
	],
	start({ context, kling }) {
		const limited = limiter(READS_CONCURRENCY);
		return {
			async onItem(itemIndex) {
				const reference = readTaskId(context, itemIndex);
				const result = await limited(async () => await getTask(kling.elements, reference));
				if ('failure' in result)
					throw klingError(context, result.failure, {
						action: `get the element of task ${reference.id}`,
					});
				return { items: elementOutputs(result.value).map((json) => ({ json })) };
			},
		};
	},
};
