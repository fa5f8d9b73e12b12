import { outputOf } from '../../support/n8n';
import { settle } from '../../support/tally';
import { after, becomes, chain, finish, itemsNode, pausingNode } from '../pausing';
import { start } from '../nodes';
import { useStage } from '../stage';
import { cluster, startAll } from './stage';

/** Paused at a time; `npm run test:soak` takes 100. */
const EXECUTIONS = Number(process.env['ROLLING'] ?? 10);
/** From the first pause to the end of all restarts and then some. */
const TIMEOUT_S = 240;

const stage = useStage();
afterEach(async () => await startAll(), 120_000);

it(`workers and webhook processor started again one after the other: ${EXECUTIONS} paused executions end with their items`, async () => {
	const { api, kling, put } = stage;
	kling.reset();
	kling.slots = EXECUTIONS;
	const pausing = pausingNode(stage, { timeout: TIMEOUT_S }, { downloadImages: false });
	const { id } = await put(chain('Rolling', start, itemsNode([{}]), pausing, after));
	const executions: string[] = [];
	for (let number = 0; number < EXECUTIONS; number++) executions.push(await api.run(id, 'Start'));
	await becomes('all are paused', async () => kling.tasks.length === EXECUTIONS, 120_000);
	for (const one of executions) await api.waitFor(one, ['waiting'], 60_000);
	const paused = Date.now();

	const { workers, webhook } = cluster();
	const left = kling.tasks.map(({ task_id }) => task_id);
	const parts = [...workers, webhook];
	let lost = 0;
	for (const [turn, part] of parts.entries()) {
		const stopped = part.stop().then(async () => await part.start());
		// Kling goes on calling while the process is away.
		const share = Math.ceil(left.length / (parts.length - turn + 1));
		for (const task of left.splice(0, share)) await finish(kling, task);
		await stopped;
	}
	for (const task of left) await finish(kling, task);
	await kling.settled();
	for (const { status, url, body } of [...kling.deliveries]) {
		if (status === 200 || status === 409) continue;
		// As Kling does with what was not answered with 200.
		lost++;
		await kling.sendCallback(url, body);
	}
	const found: string[] = [];
	for (const one of executions) {
		const execution = await api.waitUntilFinished(one, TIMEOUT_S * 1000);
		expect([one, execution.status]).toEqual([one, 'success']);
		const [item, ...more] = outputOf(execution, after.name);
		expect(more).toEqual([]);
		expect(item?.json).toMatchObject({ task_status: 'succeed', completed: true });
		found.push(String(item?.json['task_id']));
	}
	console.log(
		`Rolling restart: ${EXECUTIONS} paused, ${lost} callbacks met no process and came again, ` +
			`all had ended ${Math.round((Date.now() - paused) / 1000)} s after the last pause`,
	);
	expect(Date.now() - paused).toBeLessThan(TIMEOUT_S * 1000);
	settle('Rolling restart', { wanted: EXECUTIONS, charged: kling.counters.tasksCharged, found });
}, 480_000);
