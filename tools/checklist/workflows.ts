import { ACTION_TYPE, PACKAGE_NAME, TRIGGER_TYPE, type Workflow } from '../../test/support/n8n';
import type { WorkflowNode } from '../../test/support/n8n';

const ELEMENT_TYPE = `${PACKAGE_NAME}.klingElement`;
const TASK = { output: 'task', downloadImages: false };

function chain(name: string, nodes: Array<Omit<WorkflowNode, 'position'>>): Workflow {
	const names = nodes.map((one) => one.name);
	return {
		name,
		nodes: nodes.map((one, column) => ({ ...one, position: [column * 220, 0] })),
		connections: Object.fromEntries(
			names
				.slice(0, -1)
				.map((from, index) => [
					from,
					{ main: [[{ node: names[index + 1] ?? '', type: 'main', index: 0 }]] },
				]),
		),
	};
}

const node = (
	name: string,
	type: string,
	parameters: Record<string, unknown>,
	typeVersion = 1,
) => ({
	name,
	type,
	typeVersion,
	parameters,
});

/** Every operation of both nodes, one after the other. */
export const eachOperation = (imageUrl: string): Workflow =>
	chain('Each operation', [
		node('Start', 'n8n-nodes-base.manualTrigger', {}),
		node('Create Task', ACTION_TYPE, { operation: 'create', imageUrl, ...TASK }),
		node('Get Task', ACTION_TYPE, { operation: 'get', output: 'task' }),
		node('Wait for Task', ACTION_TYPE, { operation: 'wait', ...TASK }),
		node('List Tasks', ACTION_TYPE, { operation: 'list' }),
		node('Create Element', ELEMENT_TYPE, {
			operation: 'create',
			imageUrl,
			elementName: 'Toy robot',
			elementDescription: 'A small toy robot',
		}),
		node('Get Element', ELEMENT_TYPE, { operation: 'get' }),
		node('List Elements', ELEMENT_TYPE, { operation: 'list' }),
		node('Delete Element', ELEMENT_TYPE, { operation: 'delete' }),
	]);

export const triggered = (webhookId: string): Workflow =>
	chain('The trigger', [
		{ ...node('Kling AI Multi-Shot Trigger', TRIGGER_TYPE, {}, 2), webhookId },
		node('Next', 'n8n-nodes-base.noOp', {}),
	]);
