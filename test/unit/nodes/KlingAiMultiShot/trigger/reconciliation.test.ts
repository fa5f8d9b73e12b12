import { NodeHelpers, type INodeParameters } from 'n8n-workflow';

import example from '../../../../../docs/workflows/reconciliation.json';
import { KlingAiMultiShot } from '../../../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node';
import { KlingAiMultiShotTrigger } from '../../../../../nodes/KlingAiMultiShot/KlingAiMultiShotTrigger.node';
import { useStage } from '../../../../support/stage';
import { readDocument } from '../../../docs/markdown';

const DAY_MS = 24 * 60 * 60 * 1000;

const ours = {
	klingAiMultiShot: KlingAiMultiShot,
	klingAiMultiShotTrigger: KlingAiMultiShotTrigger,
};
const named = (name: string) => {
	const node = example.nodes.find((one) => one.name === name);
	if (!node) throw new Error(`There is no node ${name}`);
	return node;
};

const stage = useStage({ mode: 'manual' });

it('both ways lead to the one node that removes duplicates', () => {
	const next = (name: string) =>
		Object.entries(example.connections)
			.filter(([from]) => from === name)
			.flatMap(([, { main }]) => main.flat().map(({ node }) => node));

	expect(next('Kling AI Multi-Shot Trigger')).toEqual(['Remove Duplicates']);
	expect(next('Every 15 Minutes')).toEqual(['List Tasks']);
	expect(next('List Tasks')).toEqual(['Remove Duplicates']);
	expect(next('Remove Duplicates')).toEqual(['New Task']);
});

it('has no two nodes of one name or id, no credential and no pinned data', () => {
	for (const key of ['id', 'name'] as const)
		expect(new Set(example.nodes.map((node) => node[key])).size).toBe(example.nodes.length);
	expect(JSON.stringify(example)).not.toContain('credentials"');
	expect(example.pinData).toEqual({});
});

it.each(example.nodes.filter(({ type }) => type.includes('kling-multi-shot')))(
	'$name uses parameters that the node has',
	({ type, typeVersion, parameters }) => {
		const name = type.split('.')[1] as keyof typeof ours;
		const { description } = new ours[name]();
		const given = parameters as INodeParameters;
		const node = { typeVersion, parameters: given };
		const known = NodeHelpers.getNodeParameters(
			description.properties,
			given,
			true,
			false,
			node,
			description,
		);

		expect(description.version).toBe(typeVersion);
		expect(known).toMatchObject(given);
	},
);

it('lists what has finished within a day', async () => {
	const task = (hoursAgo: number, status: 'succeed' | 'failed' | 'processing') =>
		stage.kling.createTask({ status, created_at: Date.now() - (hoursAgo * DAY_MS) / 24 }).task_id;
	const wanted = [task(23, 'succeed'), task(1, 'failed')];
	task(25, 'succeed');
	task(1, 'processing');
	const { parameters } = named('List Tasks');
	const run = await stage.engine.runNode({ parameters });

	expect(run.error).toBeUndefined();
	expect(new Set(run.items.map(({ json }) => json.task_id))).toEqual(new Set(wanted));
});

it('the reference names the same key', () => {
	const { dedupeValue } = named('Remove Duplicates').parameters;

	expect(dedupeValue).toBe('={{ $json.task_id }}:{{ $json.task_status }}');
	expect(readDocument('docs/reference.md')).toContain(
		'{{ $json.task_id }}:{{ $json.task_status }}',
	);
});
