import { setTimeout as pause } from 'node:timers/promises';

import { signatureHeaders } from '../kling/signature';
import { outputOf } from '../support/n8n';
import { useStage } from './stage';
import {
	activeTrigger,
	SECRET,
	sendJson,
	TRIGGER,
	withWebhookSecret,
	type ActiveTrigger,
} from './triggerStage';

const stage = useStage();
let trigger: ActiveTrigger | undefined;
beforeEach(() => stage.kling.reset());
afterEach(async () => await trigger?.close());

const callback = (task_id: string) => ({ task_id, task_status: 'succeed', task_info: {} });

it('200 copies of one callback at a time: 1 execution', async () => {
	const { url, executions } = (trigger = await activeTrigger(stage));
	const { task_id } = stage.kling.createTask({ status: 'succeed' });
	const begin = Date.now();
	const copies = Array.from({ length: 200 }, async () => await sendJson(url, callback(task_id)));
	const answers = await Promise.all(copies);
	console.log(`200 copies: ${Date.now() - begin} ms, ${stage.kling.count('get')} reads`);

	expect(new Set(answers)).toEqual(new Set([200]));
	expect((await executions(1)).map(({ status }) => status)).toEqual(['success']);
	expect(stage.kling.count('get')).toBe(1);
}, 300_000);

it.each([
	['signed', SECRET],
	['unsigned', ''],
])(
	'200 different %s callbacks at a time: 200 executions',
	async (_case, secret) => {
		const place = secret === '' ? stage : await withWebhookSecret(stage, secret);
		const { url, executions } = (trigger = await activeTrigger(place));
		const tasks = Array.from({ length: 200 }, () => stage.kling.createTask({ status: 'succeed' }));
		const begin = Date.now();
		let toldToComeAgain = 0;
		const send = async (task_id: string): Promise<number> => {
			const body = callback(task_id);
			const headers = signatureHeaders(secret, task_id, Date.now(), JSON.stringify(body));
			const status = await sendJson(url, body, secret === '' ? {} : { ...headers });
			if (status !== 503) return status;
			toldToComeAgain++;
			await pause(5_000);
			return await send(task_id);
		};
		const answers = await Promise.all(tasks.map(async ({ task_id }) => await send(task_id)));
		console.log(`200 callbacks: ${Date.now() - begin} ms, ${toldToComeAgain} told to come again`);

		expect(new Set(answers)).toEqual(new Set([200]));
		if (secret !== '') expect(toldToComeAgain).toBe(0);
		const all = await executions(200);
		expect(all).toHaveLength(200);
		expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['success']));
		const emitted = await Promise.all(
			all.map(async ({ id }) => outputOf(await stage.api.getExecution(id), TRIGGER)),
		);
		expect(
			emitted
				.flat()
				.map(({ json }) => json['task_id'])
				.sort(),
		).toEqual(tasks.map(({ task_id }) => task_id).sort());
		expect(stage.kling.counters.maxParallel.get).toBeLessThanOrEqual(5);
	},
	400_000,
);
