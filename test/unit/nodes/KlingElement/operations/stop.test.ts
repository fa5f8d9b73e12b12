import { useStage } from '../../../../support/stage';
import { CREATE, frontOf, runElement } from '../stage';

const stage = useStage({ mode: 'manual', slots: 1 });

it('after Stop no further element is created, and the log names the one that was', async () => {
	const { engine, kling } = stage;
	const url = await frontOf(kling);
	const running = engine.runNode({
		type: 'klingElement',
		parameters: { ...CREATE, from: 'images', imageUrl: url, referenceUrls: url },
		items: Array.from({ length: 4 }, () => ({ json: {} })),
	});
	// n8n drops what is under way: all are answered by now, three of them by "no free slot".
	const isAnswered = ({ operation, ms }: { operation: string; ms: number }) =>
		operation === 'createElement' && ms >= 0;
	await kling.until(() => kling.requests.filter(isAnswered).length === 4);
	running.cancel();
	await running;
	const [made] = kling.elementTasks;
	await kling.move(made?.task_id ?? '', 'succeed');

	expect(kling.count('createElement')).toBe(4);
	expect(kling.elementTasks).toHaveLength(1);
	expect(engine.logs.text()).toContain(`created (${made?.task_id}).`);
});

it('while an account is full, an element waits for its slot', async () => {
	const { kling } = stage;
	kling.reset();
	kling.slots = 1;
	const url = await frontOf(kling);
	const parameters = { ...CREATE, from: 'images', imageUrl: url, referenceUrls: url };
	const running = runElement(stage, parameters, { items: [{ json: {} }, { json: {} }] });
	await kling.until(() => kling.elementTasks.length === 1);
	await kling.move(kling.elementTasks[0]?.task_id ?? '', 'succeed');
	await kling.until(() => kling.elementTasks.length === 2);
	await kling.move(kling.elementTasks[1]?.task_id ?? '', 'succeed');
	const run = await running;

	expect(run.items.map(({ json }) => json.status)).toEqual(['succeed', 'succeed']);
});
