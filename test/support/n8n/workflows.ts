import { setTimeout as pause } from 'node:timers/promises';

import type { Session } from './session';
import type { StoredWorkflow, Workflow } from './types';

const PUBLISHED_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 100;

/** Makes, changes, publishes and runs workflows. */
export const workflows = (session: Session) => ({
	async createWorkflow(workflow: Workflow): Promise<StoredWorkflow> {
		const { name, nodes, connections, settings } = workflow;
		return await session.request('POST', '/rest/workflows', {
			name,
			nodes,
			connections,
			settings: { executionOrder: 'v1', ...settings },
			...(session.major === 1 ? { active: false } : {}),
		});
	},

	async listWorkflows(): Promise<Array<{ id: string; name: string }>> {
		return await session.request('GET', '/rest/workflows');
	},

	async getWorkflow(id: string): Promise<StoredWorkflow> {
		return await session.request('GET', `/rest/workflows/${id}`);
	},

	async updateWorkflow(id: string, workflow: Workflow): Promise<StoredWorkflow> {
		const { name, nodes, connections, settings } = workflow;
		const { versionId } = await session.request<StoredWorkflow>('GET', `/rest/workflows/${id}`);
		return await session.request('PATCH', `/rest/workflows/${id}`, {
			name,
			nodes,
			connections,
			settings: { executionOrder: 'v1', ...settings },
			versionId,
		});
	},

	/** Publishes the workflow and waits until its triggers listen. */
	async activate({ id, versionId }: StoredWorkflow): Promise<void> {
		if (session.major === 1) {
			await session.request('PATCH', `/rest/workflows/${id}`, { active: true, versionId });
			return;
		}
		await session.request('POST', `/rest/workflows/${id}/activate`, { versionId });
		const end = Date.now() + PUBLISHED_WITHIN_MS;
		let status: unknown;
		while (Date.now() < end) {
			const answer = await session.request<Record<string, unknown>>(
				'GET',
				`/rest/workflows/${id}/publication-status`,
			);
			status = answer['status'];
			if (status === 'published') return;
			await pause(LOOK_AGAIN_MS);
		}
		throw new Error(
			`Workflow ${id} was not published within ${PUBLISHED_WITHIN_MS / 1000} s: ${JSON.stringify(status)}`,
		);
	},

	async deactivate(id: string): Promise<void> {
		if (session.major === 1) {
			await session.request('PATCH', `/rest/workflows/${id}`, { active: false });
			return;
		}
		await session.request('POST', `/rest/workflows/${id}/deactivate`, {});
	},

	/** Runs the workflow as the editor's button does. Gives the execution's id. `triggered`: what the trigger puts out. */
	async run(id: string, triggerName: string, triggered?: object): Promise<string> {
		const workflowData =
			session.major === 1 ? await session.request('GET', `/rest/workflows/${id}`) : undefined;
		const { executionId } = await session.request<{ executionId: string }>(
			'POST',
			`/rest/workflows/${id}/run`,
			{
				triggerToStartFrom: { name: triggerName, ...(triggered && { data: runOf(triggered) }) },
				...(workflowData === undefined ? {} : { workflowData }),
			},
		);
		return executionId;
	},
});

/** As the editor's chat hands over what was written. */
const runOf = (json: object): object => ({
	startTime: Date.now(),
	executionTime: 0,
	executionIndex: 0,
	executionStatus: 'success',
	source: [null],
	data: { main: [[{ json }]] },
});
