import type { Workflow, WorkflowNode } from '../../test/support/n8n';

/** A copy with a sticky note above all others. */
export function withNote(workflow: Workflow, content: string | undefined): Workflow {
	if (content === undefined) return workflow;
	const [x, y] = workflow.nodes.reduce<[number, number]>(
		([left, top], { position }) => [Math.min(left, position[0]), Math.min(top, position[1])],
		[Infinity, Infinity],
	);
	const note: WorkflowNode = {
		id: 'f0000000-0000-4000-8000-000000000001',
		name: 'About This Demo',
		type: 'n8n-nodes-base.stickyNote',
		typeVersion: 1,
		position: [x, y - HEIGHT - GAP],
		parameters: { content, width: 400, height: HEIGHT, color: 5 },
	};
	return { ...workflow, nodes: [...workflow.nodes, note] };
}

const HEIGHT = 100;
const GAP = 20;
