import type { Reply } from '../../kling/reply';

/** What an answer says to anybody who reads it: its code, and which tasks it shows as failed. */
export function failedTasksIn({ headers, body }: Reply): { code?: number; failedTasks: string[] } {
	if (!String(headers['content-type']).startsWith('application/json')) return { failedTasks: [] };
	const text = body.toString();
	// Of a truncated answer nobody can be sure.
	const code = text.endsWith('}') ? /^\{"code":(-?\d+)/.exec(text)?.[1] : undefined;
	const failed = text.includes('"failed"')
		? [...text.matchAll(/"task_id":"(\d+)","task_status":"failed"/g)].map(([, id = '']) => id)
		: [];
	return { ...(code !== undefined && { code: Number(code) }), failedTasks: failed };
}
