import type { Reply } from '../../kling/reply';

/** What an answer says to anybody who reads it: its code, and which tasks it shows as failed. */
export function failedTasksIn(reply: Reply): { code?: number; failedTasks: string[] } {
	if (reply.body[0] !== 0x7b) return { failedTasks: [] };
	try {
		const { code, data } = JSON.parse(reply.body.toString()) as { code?: number; data?: unknown };
		const shown = [data].flat() as Array<{ task_id?: string; task_status?: string } | undefined>;
		const failedTasks = shown.flatMap((task) =>
			task?.task_status === 'failed' && task.task_id ? [task.task_id] : [],
		);
		return { ...(code !== undefined && { code }), failedTasks };
	} catch {
		return { failedTasks: [] };
	}
}
