import { setTimeout as pause } from 'node:timers/promises';

import { outputOf } from '../support/n8n';
import {
	hostileRequests,
	type HostileRequest,
} from '../unit/nodes/KlingAiMultiShot/trigger/hostileRequests';
import { useStage } from './stage';
import { activeTrigger, sendJson, sendRaw, TRIGGER, type ActiveTrigger } from './triggerStage';

const stage = useStage(async () => await trigger.close());
let trigger: ActiveTrigger;

beforeAll(async () => {
	trigger = await activeTrigger(stage);
});

const requests = hostileRequests('867283741759111202');
const promised = ({ status, statusOfN8n1 }: HostileRequest): number =>
	stage.api.session.major === 1 ? (statusOfN8n1 ?? status) : status;

it('the table has at least 40 requests', () => {
	expect(requests.length).toBeGreaterThanOrEqual(40);
});

it.each(requests)('$name gets the promised answer', async (request) => {
	expect(await sendRaw(trigger.url, request)).toBe(promised(request));
});

it('all at once get them, too', async () => {
	// n8n reads all XML with one parser, which mixes up what comes at the same time.
	const mixable = requests.filter(({ name }) => !name.includes('XML'));
	const answers = await Promise.all(
		mixable.map(async (request) => [request.name, await sendRaw(trigger.url, request)]),
	);
	expect(answers).toEqual(mixable.map((request) => [request.name, promised(request)]));
});

it('none of them has started an execution, and n8n goes on working', async () => {
	await pause(1_000);
	expect(await trigger.executions(0)).toEqual([]);

	const { task_id } = stage.kling.createTask({ status: 'succeed' });
	expect(await sendJson(trigger.url, { task_id, task_status: 'succeed' })).toBe(200);
	const [execution, ...others] = await trigger.executions(1);
	expect([execution?.status, others]).toEqual(['success', []]);
	const finished = await stage.api.getExecution(execution?.id ?? '');
	expect(outputOf(finished, TRIGGER)[0]?.json).toMatchObject({ task_id });
	expect((await fetch(`${stage.api.session.baseUrl}/healthz`)).status).toBe(200);
});
