import { readFile } from 'node:fs/promises';

import { settle } from '../support/tally';
import { numbered, runCreate } from './creating';
import { expectNoSecrets, reads } from './reading';
import { place } from './shared';
import { useStage } from './stage';
import { activeTrigger, SECRET, withWebhookSecret } from './triggerStage';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const stage = useStage();
beforeEach(() => stage.kling.reset());

const AHEAD = "Set the clock of n8n's machine: it is fast.";
const BEHIND = "Set the clock of n8n's machine: it is slow.";

describe.each([
	['a minute ahead', -MINUTE_MS, 1003, AHEAD],
	['an hour ahead', -HOUR_MS, 1003, AHEAD],
	['an hour behind', HOUR_MS, 1004, BEHIND],
])("n8n's clock is %s", (how, clockOffsetMs, code, advice) => {
	beforeEach(() => (stage.kling.clockOffsetMs = clockOffsetMs));

	it('nothing is charged, and the error says what to do', async () => {
		const { kling } = stage;
		const execution = await runCreate(stage, numbered(3));
		const text = reads(`Clock ${how}`, execution);
		settle(`Clock ${how}`, { wanted: 0, charged: kling.counters.tasksCharged, found: [] });
		expect(text).toMatch(/^error: Kling could not create the task/);
		expect(text).toContain(`${advice}\nNothing was created or charged for this item.`);
		expect(text).toMatch(new RegExp(`Kling code: ${code} .*Request ID: \\S+`));
		// Each of the three was signed again once.
		expect(kling.count('create')).toBeLessThanOrEqual(6);
		await expectNoSecrets(stage, execution);
	});

	it('the test of the credential says so, too', async () => {
		const { message, status } = await stage.api.testCredential(
			stage.credential,
			stage.credentialData,
		);
		console.log(`Clock ${how}: the credential's test says "${message}"`);
		expect(status).toBe('Error');
		expect(message).toContain(`${code}`);
		expect(message).toContain(advice);
	});
});

it("n8n's clock is a minute behind: Kling still accepts the token", async () => {
	const { kling } = stage;
	kling.clockOffsetMs = MINUTE_MS;
	const execution = await runCreate(stage, numbered(1));
	reads('Clock a minute behind', execution);
	const found = kling.tasks.map(({ task_id }) => task_id);
	settle('Clock a minute behind', { wanted: 1, charged: kling.counters.tasksCharged, found });
	expect(execution.status).toBe('success');
});

it.each([
	['a minute ahead', -MINUTE_MS, 200],
	['a minute behind', MINUTE_MS, 200],
	['an hour ahead', -HOUR_MS, 401],
	['an hour behind', HOUR_MS, 401],
])('a signed callback while the clock is %s', async (how, offsetMs, status) => {
	const { kling } = stage;
	const trigger = await activeTrigger(await withWebhookSecret(stage, SECRET));
	const { task_id } = kling.createTask({ status: 'succeed' });
	const logged = (await readFile(place().logFile, 'utf8')).length;
	const options = { secret: SECRET, timestamp: Date.now() + offsetMs };
	const callback = { task_id, task_status: 'succeed', task_info: {} };
	const delivery = await kling.sendCallback(trigger.url, callback, options);
	expect(delivery.status).toBe(status);
	const executions = await trigger.executions(status === 200 ? 1 : 0);
	expect(executions).toHaveLength(status === 200 ? 1 : 0);
	const said = (await readFile(place().logFile, 'utf8')).slice(logged);
	if (status === 401) {
		console.log(`Signed callback, clock ${how}: n8n's log says "${said.trim()}"`);
		expect(said).toMatch(/signature is valid, but .*Set the clock of n8n's machine/);
	}
	await trigger.close();
	await expectNoSecrets(stage);
});
