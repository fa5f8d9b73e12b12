import type { Result } from '../transport/failure';
import { hasExternalId, type KlingTask, type TaskReference } from './task';
import type { TaskApi } from './taskApi';

/** Kling reads a task id where it expects an external id, too: then the task that was asked for is unknown. */
export async function getTask(
	api: TaskApi,
	{ id, isExternal }: TaskReference,
): Promise<Result<KlingTask>> {
	const result = await api.get(id);
	const isOther = 'value' in result && isExternal === true && !hasExternalId(result.value, id);
	if (!isOther) return result;
	const message = `Task not found by external id: ${id}`;
	return { failure: { kind: 'code', code: 1201, message } };
}
