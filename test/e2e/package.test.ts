import { ACTION_TYPE, TRIGGER_TYPE } from '../support/n8n';
import { useStage } from './stage';

const stage = useStage();

it('n8n knows the nodes under the name of the package', async () => {
	const nodeTypes = await stage.api.nodeTypes();
	const ours = nodeTypes.filter(({ name }) => name.includes('kling-multi-shot'));
	const names = ours.map(({ name, displayName }) => [name, displayName]);
	expect(names).toEqual(
		expect.arrayContaining([
			[ACTION_TYPE, 'Kling AI Multi-Shot'],
			[TRIGGER_TYPE, 'Kling AI Multi-Shot Trigger'],
		]),
	);
});

it('the menu holds the four operations', async () => {
	const nodeTypes = await stage.api.nodeTypes();
	const action = nodeTypes.find(({ name }) => name === ACTION_TYPE);
	const operations = action?.properties.find(({ name }) => name === 'operation')?.options;
	expect(operations?.map(({ name, value }) => [name, value])).toEqual([
		['Create Task', 'create'],
		['Get Task', 'get'],
		['List Tasks', 'list'],
		['Wait for Task', 'wait'],
	]);
});

it('the action is offered as a tool for AI agents', async () => {
	const names = (await stage.api.nodeTypes()).map(({ name }) => name);
	expect(names).toContain(`${ACTION_TYPE}Tool`);
});
