import { outputOf } from '../support/n8n';
import { settle } from '../support/tally';
import { callbacksOf, percentile, sendEvenly, sideBySide } from './loading';
import { startOwnN8n } from './ownN8n';
import { openStage, type Stage } from './stage';
import { activeTrigger, TRIGGER } from './triggerStage';

const MINUTE_S = 60;

/** Each callback is answered with 200 and starts one execution, with its task. */
async function takesInAMinute(stage: Stage, count: number, engine: string): Promise<void> {
	const { url, executions, close } = await activeTrigger(stage);
	const bodies = callbacksOf(stage.kling, count);
	const { statuses, ms, lastedMs } = await sendEvenly(url, bodies, count / MINUTE_S);
	console.log(
		`${engine}: ${count} callbacks in ${(lastedMs / 1000).toFixed(1)} s, ` +
			`answered in ${percentile(ms, 0.5)} ms (median), ${percentile(ms, 0.99)} ms (99th percentile)`,
	);

	expect(new Set(statuses)).toEqual(new Set([200]));
	const all = await executions(count);
	expect(all).toHaveLength(count);
	expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['success']));
	const found = await sideBySide(all, async ({ id }) =>
		outputOf(await stage.api.getExecution(id), TRIGGER).map(({ json }) => String(json['task_id'])),
	);
	await close();
	expect(found.flat().sort()).toEqual(bodies.map(({ task_id }) => task_id).sort());
	settle(`${count} callbacks in a minute, ${engine}`, {
		wanted: count,
		charged: stage.kling.counters.tasksCharged,
		found: found.flat(),
	});
}

it("300 callbacks in a minute, with n8n's default expression engine", async () => {
	const stage = await openStage();
	await takesInAMinute(stage, 300, 'default expression engine');
	await stage.close();
}, 300_000);

it('1,500 callbacks in a minute, with the legacy expression engine', async () => {
	const { stage, close } = await startOwnN8n({ N8N_EXPRESSION_ENGINE: 'legacy' });
	await takesInAMinute(stage, 1_500, 'legacy expression engine');
	await close();
}, 400_000);
