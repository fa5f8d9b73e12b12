import { after, finish, itemsNode, pausingNode, run } from '../e2e/pausing';
import { useStage } from '../e2e/stage';

const ROUNDS = 5;

const stage = useStage();

/** Milliseconds from the answer of the last check until n8n takes callbacks. */
async function measure(): Promise<number> {
	const { api, kling } = stage;
	kling.reset();
	kling.switches.callbackCopies = 0;
	const executionId = await run(
		stage,
		itemsNode([{}]),
		pausingNode(stage, {}, { downloadImages: false }),
		after,
	);
	await kling.until(() => kling.tasks.length === 1, 30_000);
	const [{ task_id, callback_url = '' } = { task_id: '' }] = kling.tasks;
	// It changes nothing: the task has not ended.
	const body = { task_id, task_status: 'processing' };
	const statuses: number[] = [];
	let taken = 0;
	for (const end = Date.now() + 30_000; taken === 0 && Date.now() < end;) {
		const { status, at } = await kling.sendCallback(callback_url, body);
		statuses.push(status);
		if (status === 200) taken = at;
	}
	// What n8n says while the execution is running, or is about to be stored.
	expect([200, 409, 500]).toEqual(expect.arrayContaining([...new Set(statuses)]));
	expect(taken).toBeGreaterThan(0);
	const check = kling.requests
		.filter(({ operation }) => ['get', 'list'].includes(operation))
		.at(-1);
	expect(check).toBeDefined();
	await finish(kling, task_id);
	kling.switches.callbackCopies = 1;
	await kling.sendCallback(callback_url, { task_id, task_status: 'succeed' });
	expect((await api.waitUntilFinished(executionId)).status).toBe('success');
	return taken - (check?.at ?? 0) - (check?.ms ?? 0);
}

it('n8n refuses callbacks for a moment after the last check', async () => {
	const windows: number[] = [];
	for (let round = 0; round < ROUNDS; round++) windows.push(await measure());
	console.log(`From the last check to the first callback that n8n takes: ${windows.join(', ')} ms`);
	expect(Math.max(...windows)).toBeLessThan(5_000);
}, 180_000);
