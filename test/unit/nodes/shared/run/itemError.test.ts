import { useStage } from '../../../../support/stage';

const stage = useStage();

const parameters = { operation: 'get', taskId: '867283741759111202' };

it('an error has a line break for each line of the editor, which reads it as HTML', async () => {
	const { error } = await stage.engine.runNode({ parameters });
	expect(error?.html).toMatch(/^Correct the value.*\.<br>\nKling code: 1201 .*Request ID: \S+$/);
});

it('an item with an error has plain text', async () => {
	const { items } = await stage.engine.runNode({
		parameters,
		nodeSettings: { onError: 'continueRegularOutput' },
	});
	expect(items[0]?.json.details).toMatch(/^Correct the value.*\.\nKling code: 1201 /);
});
