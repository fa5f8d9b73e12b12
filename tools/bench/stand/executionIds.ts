import { setTimeout as pause } from 'node:timers/promises';

import { N8nError, type ExecutionStatus, type N8nApi } from '../../../test/support/n8n';

/** Of a workflow, oldest first. */
export async function allExecutionIds(
	{ session }: N8nApi,
	workflowId: string,
	status?: ExecutionStatus,
): Promise<string[]> {
	const ids: string[] = [];
	const filter = JSON.stringify({ workflowId, ...(status && { status: [status] }) });
	for (let cursor = ''; ;) {
		const query = new URLSearchParams({ filter, limit: '100', ...(cursor && { cursor }) });
		const { results, nextCursor } = await patiently(
			async () =>
				await session.request<{ results: Array<{ id: string }>; nextCursor?: string | null }>(
					'GET',
					`/rest/executions?${query.toString()}`,
				),
		);
		ids.push(...results.map(({ id }) => id));
		if (!nextCursor) return ids.reverse();
		cursor = nextCursor;
	}
}

/** With hundreds of executions running, n8n sometimes answers that its database is not ready. */
async function patiently<Answer>(ask: () => Promise<Answer>, tries = 30): Promise<Answer> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof N8nError && error.status === 503) || tries <= 1) throw error;
		await pause(1_000);
		return await patiently(ask, tries - 1);
	}
}
