import { parse } from 'flatted';
import { setTimeout as pause } from 'node:timers/promises';

import type { Session } from './session';
import type {
	BinaryFile,
	Execution,
	ExecutionData,
	ExecutionStatus,
	ExecutionSummary,
	Item,
} from './types';

const LOOK_AGAIN_MS = 150;
const FINAL: readonly ExecutionStatus[] = ['success', 'error', 'canceled', 'crashed'];

/** n8n 1.x tells that an execution has ended before it has stored more than what it began or paused with. */
function isStored({ status, data }: Execution): boolean {
	if (status !== 'success' && status !== 'error') return true;
	if (data?.resultData === undefined) return false;
	const { lastNodeExecuted = '', runData } = data.resultData;
	// Of the node that had paused it, the run is taken away before it goes on.
	return runData[lastNodeExecuted]?.length !== 0;
}

type RawExecution = ExecutionSummary & { data: string | ExecutionData };

/** The items that a node gave out at its last run, on its first output. */
export function outputOf(execution: Execution, nodeName: string): Item[] {
	const run = execution.data.resultData.runData[nodeName]?.at(-1);
	return run?.data?.main?.[0] ?? [];
}

/** What an execution failed with, as the editor shows it: message and description. */
export function failureOf(execution: Execution): string {
	const error = execution.data.resultData.error;
	if (error === undefined) return `status ${execution.status}`;
	const parts = [
		error.message,
		error.description?.replaceAll('<br>', ''),
		...(error.messages ?? []),
	];
	return parts.filter((part) => typeof part === 'string' && part !== '').join(' | ');
}

/** Reads, awaits and stops executions. */
export const executions = (session: Session) => {
	const getExecution = async (id: string): Promise<Execution> => {
		const raw = await session.request<RawExecution>('GET', `/rest/executions/${id}`);
		const data = typeof raw.data === 'string' ? (parse(raw.data) as ExecutionData) : raw.data;
		return { ...raw, data };
	};

	const waitFor = async (
		id: string,
		statuses: readonly ExecutionStatus[],
		timeoutMs: number,
	): Promise<Execution> => {
		const end = Date.now() + timeoutMs;
		for (;;) {
			const execution = await getExecution(id);
			const isWhole = isStored(execution);
			if (isWhole && statuses.includes(execution.status)) return execution;
			const over = isWhole && FINAL.includes(execution.status);
			if (over || Date.now() > end) {
				throw new Error(
					`Execution ${id} is ${execution.status} (${failureOf(execution)}), not ${statuses.join(' or ')}` +
						(over ? '' : `, after ${timeoutMs / 1000} s`),
				);
			}
			await pause(LOOK_AGAIN_MS);
		}
	};

	return {
		getExecution,
		waitFor,

		async waitUntilFinished(id: string, timeoutMs = 60_000): Promise<Execution> {
			return await waitFor(id, FINAL, timeoutMs);
		},

		/** Newest first. */
		async listExecutions(workflowId: string): Promise<ExecutionSummary[]> {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const { results } = await session.request<{ results: ExecutionSummary[] }>(
				'GET',
				`/rest/executions?filter=${filter}&limit=100`,
			);
			return results;
		},

		async stopExecution(id: string): Promise<void> {
			await session.request('POST', `/rest/executions/${id}/stop`, {});
		},

		/** A file's bytes, wherever n8n keeps them. */
		async binary(file: BinaryFile): Promise<Buffer> {
			if (file.id === undefined) return Buffer.from(file.data, 'base64');
			const query = new URLSearchParams({ id: file.id, action: 'view' });
			return await session.bytes(`/rest/binary-data?${query.toString()}`);
		},
	};
};
