import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { KlingTask } from '../../../shared/client/task';
import { imagesExpireAt } from '../../../shared/output/task';
import { inLines } from '../../../shared/run/klingError';

/** Of a task that was created with the same External Task ID before. @param charge what was charged */
export function imagesGoneError(
	context: IExecuteFunctions,
	task: KlingTask,
	charge: string,
): Error | undefined {
	if ((imagesExpireAt(task) ?? Infinity) >= Date.now()) return undefined;
	return new NodeOperationError(
		context.getNode(),
		`Task ${task.task_id} has this External Task ID, but its images were deleted`,
		{
			description: inLines(
				'Kling deletes images after 30 days. Use another External Task ID to create new ones.',
				charge,
			),
		},
	);
}
