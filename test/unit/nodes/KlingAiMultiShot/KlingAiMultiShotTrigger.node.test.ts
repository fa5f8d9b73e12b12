import consoleTest from '../../../fixtures/callback-console-test.json';
import { KlingAiMultiShotTrigger } from '../../../../nodes/KlingAiMultiShot/KlingAiMultiShotTrigger.node';
import { useStage } from '../../../support/stage';
import { bodyOf, emitted, finishedTask, SECRET, withSecret } from './trigger/callbacks';

const stage = useStage({ mode: 'manual' });

beforeEach(() => {
	stage.kling.reset();
	stage.engine.logs.clear();
});

const UNKNOWN = '867283741759111202';

describe('a callback without a secret is a doorbell', () => {
	it('puts out what the API says, and nothing of the body', async () => {
		const task_id = finishedTask(stage, 'order-4711');
		const reply = await stage.engine.callWebhook({
			json: {
				...bodyOf(task_id),
				task_status_msg: 'forged',
				task_result: { images: [{ index: 0, url_1: 'https://forged.example/1.png' }] },
				forged: true,
			},
		});

		expect(reply).toMatchObject({ status: 200, text: '', threw: undefined });
		expect(reply.workflowData).toHaveLength(1);
		const [json, ...others] = emitted([reply as never]);
		expect(others).toEqual([]);
		expect(json).toMatchObject({
			task_id,
			task_status: 'succeed',
			task_info: { external_task_id: 'order-4711' },
		});
		expect(JSON.stringify(json)).not.toContain('forged');
		expect(json?.expires_at).toMatch(/^\d{4}-/);
		expect(stage.kling.count('get')).toBe(1);
	});

	it.each(['real', 'documented', 'newer'] as const)('understands the %s body', async (shape) => {
		stage.kling.switches.callbackBody = shape;
		stage.kling.switches.successWord = shape === 'newer' ? 'succeeded' : 'succeed';
		const listener = stage.engine.listen();
		const { task_id } = stage.kling.createTask({ callback_url: listener.url });
		await stage.kling.move(task_id, 'succeed');
		await listener.settled();

		expect(emitted(listener.outcomes)).toMatchObject([{ task_id, task_status: 'succeed' }]);
		expect(stage.kling.deliveries.map(({ status }) => status)).toEqual([200]);
	});

	it('says a failure of the task as data', async () => {
		const { task_id } = stage.kling.createTask();
		await stage.kling.move(task_id, 'failed', { task_status_msg: 'Image pixel is invalid' });
		const reply = await stage.engine.callWebhook({ json: bodyOf(task_id, 'failed') });

		expect(emitted([reply as never])).toMatchObject([
			{ task_id, task_status: 'failed', task_status_msg: 'Image pixel is invalid' },
		]);
	});

	it('puts nothing out about a task that the API does not know', async () => {
		const reply = await stage.engine.callWebhook({ json: bodyOf(UNKNOWN) });

		expect(reply).toMatchObject({ status: 200, workflowData: undefined });
		// Once more, since Kling may show a new task late.
		expect(stage.kling.count('get')).toBe(2);
	});

	it('does not take an external id for a task id', async () => {
		finishedTask(stage, 'order-4711');
		const reply = await stage.engine.callWebhook({ json: bodyOf('order-4711') });

		expect(reply).toMatchObject({ status: 200, workflowData: undefined });
	});

	it('puts out what the API says where the callback says another end', async () => {
		const reply = await stage.engine.callWebhook({ json: bodyOf(finishedTask(stage), 'failed') });

		expect(emitted([reply as never])).toMatchObject([{ task_status: 'succeed' }]);
	});
});

describe('statuses', () => {
	it.each(['submitted', 'processing', 'banana'])(
		'leaves %s alone without asking Kling',
		async (stated) => {
			const reply = await stage.engine.callWebhook({ json: bodyOf(finishedTask(stage), stated) });

			expect(reply).toMatchObject({ status: 200, workflowData: undefined });
			expect(stage.kling.requests).toHaveLength(0);
		},
	);

	it('puts an earlier status out where it is wanted', async () => {
		const { task_id } = stage.kling.createTask();
		const json = bodyOf(task_id, 'submitted');
		const reply = await stage.engine.callWebhook({
			json,
			parameters: { statuses: ['submitted'] },
		});

		expect(emitted([reply as never])).toMatchObject([{ task_id, task_status: 'submitted' }]);
	});

	it('filters again by what the API says', async () => {
		const reply = await stage.engine.callWebhook({
			json: bodyOf(finishedTask(stage), 'failed'),
			parameters: { statuses: ['failed'] },
		});

		expect(reply).toMatchObject({ status: 200, workflowData: undefined });
		expect(stage.kling.count('get')).toBe(1);
	});
});

describe('External Task ID Prefix', () => {
	const parameters = { options: { externalTaskIdPrefix: 'order-' } };

	it('is compared with what the API says, as callbacks come without the id', async () => {
		const mine = finishedTask(stage, 'order-1');
		const listener = stage.engine.listen({ parameters });
		for (const task_id of [mine, finishedTask(stage, 'other-1'), finishedTask(stage)])
			await stage.kling.sendCallback(listener.url, bodyOf(task_id));
		await listener.settled();

		expect(emitted(listener.outcomes).map(({ task_id }) => task_id)).toEqual([mine]);
		expect(stage.kling.deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
	});

	it('saves the look where the callback states another id', async () => {
		const task_info = { external_task_id: 'other-1' };
		const json = { ...bodyOf(finishedTask(stage, 'order-1')), task_info };
		const reply = await stage.engine.callWebhook({ json, parameters });

		expect(reply).toMatchObject({ status: 200, workflowData: undefined });
		expect(stage.kling.requests).toHaveLength(0);
	});

	it('does not believe the callback that states a fitting id', async () => {
		const task_info = { external_task_id: 'order-1' };
		const json = { ...bodyOf(finishedTask(stage, 'other-1')), task_info };
		const reply = await stage.engine.callWebhook({ json, parameters });

		expect(reply.workflowData).toBeUndefined();
	});
});

describe('while the user listens for a test event', () => {
	const mode = 'manual' as const;

	it.each([
		['the test callback of the console', consoleTest, consoleTest.id, 'submitted'],
		['a callback about an unknown task', bodyOf(UNKNOWN), UNKNOWN, 'succeed'],
	])('%s comes out as no more than a test', async (_case, json, task_id, task_status) => {
		const reply = await stage.engine.callWebhook({ json, mode });

		expect(reply.status).toBe(200);
		expect(reply.workflowData).toEqual([[{ json: { test: true, task_id, task_status } }]]);
	});

	it('a task that exists comes out each time, as the user tries again and again', async () => {
		const task_id = finishedTask(stage);
		const listener = stage.engine.listen({ mode });
		for (let time = 0; time < 3; time++)
			await stage.kling.sendCallback(listener.url, bodyOf(task_id));

		expect(emitted(listener.outcomes)).toHaveLength(3);
		expect(emitted(listener.outcomes)[0]).toMatchObject({ task_id, task_status: 'succeed' });
		expect(emitted(listener.outcomes)[0]).not.toHaveProperty('test');
	});

	it('a status that is not wanted keeps n8n listening', async () => {
		const { task_id } = stage.kling.createTask();
		const reply = await stage.engine.callWebhook({ json: bodyOf(task_id, 'submitted'), mode });

		expect(reply).toMatchObject({ status: 200, workflowData: undefined });
	});

	it('a secret counts, too', async () => {
		const credentials = withSecret(stage, SECRET);
		const reply = await stage.engine.callWebhook({ json: consoleTest, mode, credentials });

		expect(reply).toMatchObject({ status: 401, workflowData: undefined });
	});
});

it('answers the test callback of the console in production, and puts nothing out', async () => {
	const listener = stage.engine.listen({ parameters: { statuses: ['submitted', 'succeed'] } });
	const delivery = await stage.kling.sendTestCallback(listener.url);
	await listener.settled();

	expect(delivery.status).toBe(200);
	expect(emitted(listener.outcomes)).toEqual([]);
});

describe('where Kling cannot be asked', () => {
	it.each([
		['the credential has no key', { accessKey: '' }],
		['the keys are wrong', { secretKey: 'x'.repeat(32) }],
	])('answers 503 where %s, says so in the log, and keeps the keys out of it', async (_, wrong) => {
		const credentials = { klingApi: { ...stage.credentials.klingApi, ...wrong } };
		const reply = await stage.engine.callWebhook({
			json: bodyOf(finishedTask(stage)),
			credentials,
		});

		expect(reply).toMatchObject({ status: 503, workflowData: undefined, threw: undefined });
		expect(stage.engine.logs.entries.some(({ level }) => level === 'warn')).toBe(true);
		expect(stage.engine.logs.text()).not.toContain(stage.kling.secretKey);
		expect(stage.engine.logs.text()).not.toContain('xxxxxxxx');
	});
});

describe('the description', () => {
	const { description } = new KlingAiMultiShotTrigger();
	const text = JSON.stringify(description.properties);

	it('spares n8n an expression for each request', () => {
		expect(description.version).toBe(2);
		for (const value of Object.values(description.webhooks?.[0] ?? {}))
			expect([typeof value, String(value).startsWith('=')]).toEqual(['string', false]);
	});

	it.each(['HTTPS', 'n8n-nodes-kling-multi-shot#trigger', 'Remove Duplicates'])(
		'names %s',
		(word) => {
			expect(text).toContain(word);
		},
	);

	it('keeps the names and defaults that saved workflows depend on', () => {
		const defaults = description.properties
			.filter(({ type }) => type !== 'notice')
			.map((property) => [property.name, property.default]);
		const options = description.properties.find(({ name }) => name === 'options')?.options ?? [];

		expect(Object.fromEntries(defaults)).toEqual({
			statuses: ['succeed', 'failed'],
			downloadImages: false,
			output: 'task',
			options: {},
		});
		expect(options.map((option) => [option.name, 'default' in option && option.default])).toEqual(
			expect.arrayContaining([
				['externalTaskIdPrefix', ''],
				['skipApiCheckWhenSigned', false],
				['outputBinaryPrefix', 'image_'],
			]),
		);
	});
});

describe('activation', () => {
	it('registers nothing at Kling', async () => {
		expect(await stage.engine.webhookMethod('create')).toBe(true);
		expect(await stage.engine.webhookMethod('delete')).toBe(true);
		expect(stage.kling.requests).toHaveLength(0);
	});

	it('asks n8n to check the secret each time', async () => {
		expect(await stage.engine.webhookMethod('checkExists')).toBe(false);
	});
});
