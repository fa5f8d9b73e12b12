import type { Workflow, WorkflowNode } from '../support/n8n';

/** Each node's first output goes to the next one. */
export const link = (...names: string[]): Workflow['connections'] =>
	Object.fromEntries(
		names
			.slice(0, -1)
			.map((name, index) => [
				name,
				{ main: [[{ node: names[index + 1] ?? '', type: 'main', index: 0 }]] },
			]),
	);

export const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown> = {},
): WorkflowNode => ({ name, type, typeVersion, parameters, position: [0, 0] });

export const start = node('Start', 'n8n-nodes-base.manualTrigger', 1);
