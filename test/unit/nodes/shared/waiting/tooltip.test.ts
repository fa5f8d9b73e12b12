import { Workflow, type INodeParameters, type INodeTypes } from 'n8n-workflow';
import { waitOptions } from '../../../../../nodes/shared/waiting/settings';
import { waitingNodeTooltip } from '../../../../../nodes/shared/waiting/tooltip';

const nodeTypes = { getByNameAndVersion: () => undefined } as unknown as INodeTypes;

/** As the editor evaluates it. */
function tooltipOf(parameters: INodeParameters): unknown {
	const node = {
		id: '1',
		name: 'Kling',
		type: 'kling',
		typeVersion: 1,
		position: [0, 0],
		parameters,
	};
	const workflow = new Workflow({
		nodes: [{ ...node, position: [0, 0] }],
		connections: {},
		active: false,
		nodeTypes,
	});
	const placed = workflow.getNode('Kling');
	if (!placed) throw new Error('The workflow has no such node');
	return workflow.expression.getSimpleParameterValue(placed, waitingNodeTooltip, 'internal', {});
}

const defaultOf = (name: string) => waitOptions.find((option) => option.name === name)?.default;

describe('the tooltip of a paused node', () => {
	it("says that it waits for Kling's callback, and for how long", () => {
		const callback = { operation: 'create', waitMode: 'callback' };
		expect(tooltipOf({ ...callback, options: { timeout: 120 } })).toBe(
			"Waiting for Kling's callback, for at most 120 seconds",
		);
		for (const parameters of [{ ...callback, options: {} }, callback])
			expect(tooltipOf(parameters)).toContain(`at most ${String(defaultOf('timeout'))} seconds`);
	});

	it('says when the next check is', () => {
		const timer = { operation: 'wait', waitMode: 'timer' };
		expect(tooltipOf({ ...timer, options: { timerInterval: 90 } })).toBe(
			'Paused for 90 seconds, until the next check',
		);
		expect(tooltipOf(timer)).toContain(`for ${String(defaultOf('timerInterval'))} seconds`);
	});
});
