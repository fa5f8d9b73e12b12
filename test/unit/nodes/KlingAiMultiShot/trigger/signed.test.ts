import consoleTest from '../../../../fixtures/callback-console-test.json';
import { startEngine } from '../../../../support/engine';
import { countReadings } from '../../../../support/readings';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import {
	bodyOf,
	emitted,
	finishedTask,
	OTHER_SECRET,
	SECRET,
	statusesOf,
	withSecret,
} from './callbacks';

useFastTime();
const stage = useStage({ mode: 'manual', webhookSecret: SECRET });

beforeEach(() => {
	stage.kling.reset();
	stage.kling.webhookSecret = SECRET;
	stage.engine.logs.clear();
});

const listen = (parameters = {}, secrets = SECRET) =>
	stage.engine.listen({ parameters, credentials: withSecret(stage, secrets) });

describe('with a Webhook Secret in the credential', () => {
	it('lets a signed callback in, and reads the task', async () => {
		const listener = listen();
		const { task_id } = stage.kling.createTask({ callback_url: listener.url });
		await stage.kling.move(task_id, 'succeed');
		await listener.settled();

		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
		expect(stage.kling.count('get')).toBe(1);
	});

	it.each([
		['no signature', { secret: '' }],
		['a signature by another secret', { secret: OTHER_SECRET }],
		['a timestamp of six minutes ago', { timestamp: Date.now() - 360_000 }],
		['a timestamp of in six minutes', { timestamp: Date.now() + 360_000 }],
		['another id than was signed', { headers: { 'webhook-id': 'another' } }],
		['a signature that is cut off', { headers: { 'webhook-signature': 'v1,UsKlJP00' } }],
		['an empty signature', { headers: { 'webhook-signature': '' } }],
	])('answers 401 to %s, and does nothing else', async (_case, options) => {
		const listener = listen();
		const delivery = await stage.kling.sendCallback(
			listener.url,
			bodyOf(finishedTask(stage)),
			options,
		);
		await listener.settled();

		expect(delivery).toMatchObject({
			status: 401,
			answer: '{"message":"The signature is missing or wrong"}',
		});
		expect(listener.outcomes).toMatchObject([{ workflowData: undefined, threw: undefined }]);
		expect(stage.kling.requests).toHaveLength(0);
		const said = stage.engine.logs.entries.filter(({ message }) => message.includes('401'));
		const isOutsideTolerance = 'timestamp' in options;
		expect(said.map(({ level }) => level)).toEqual([isOutsideTolerance ? 'warn' : 'debug']);
		expect((said[0]?.message ?? '').includes("Set the clock of n8n's machine")).toBe(
			isOutsideTolerance,
		);
		expect(said[0]?.message).toMatch(/webhook-|signature/);
		expect(stage.engine.logs.text()).not.toMatch(/whsec_|dGVzdHNl|v1,/);
	});

	it('answers 401 to a body that was changed on its way', async () => {
		const listener = listen();
		const body = JSON.stringify(bodyOf(finishedTask(stage)));
		const { headers } = await stage.kling.sendCallback(listener.url, 'not JSON, for its headers');
		const signed = await stage.kling.sendCallback(listener.url, body);
		const changed = await stage.kling.sendCallback(listener.url, body.replace('":', '": '), {
			headers: { ...signed.headers },
		});

		expect(headers['webhook-signature']).toMatch(/^v1,/);
		expect([signed.status, changed.status]).toEqual([200, 401]);
	});

	it('verifies the bytes as they came, not the JSON that n8n made of them', async () => {
		const listener = listen();
		const task_id = finishedTask(stage);
		const body = `{\n "task_id" : "${task_id}", "task_status":"succeed", "price": 1.0, "name":"\\u0061" }\n`;
		const delivery = await stage.kling.sendCallback(listener.url, body);

		expect(delivery.status).toBe(200);
		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});

	it('takes several secrets, while they are being changed', async () => {
		const listener = listen({}, `${OTHER_SECRET}  ${SECRET}`);
		const [first, second] = [finishedTask(stage), finishedTask(stage)];
		await stage.kling.sendCallback(listener.url, bodyOf(first), { secret: SECRET });
		await stage.kling.sendCallback(listener.url, bodyOf(second), { secret: OTHER_SECRET });

		expect(emitted(listener.outcomes).map(({ task_id }) => task_id)).toEqual([first, second]);
	});

	it('takes several signatures, while they are being changed', async () => {
		const listener = listen();
		const task_id = finishedTask(stage);
		const secret = `${OTHER_SECRET} ${SECRET}`;
		await stage.kling.sendCallback(listener.url, bodyOf(task_id), { secret });

		expect(statusesOf(listener, task_id)).toEqual(['succeed']);
	});

	it('looks at the shape before the signature, and at the signature before all else', async () => {
		const listener = listen();
		const task_id = finishedTask(stage);
		const unsigned = { secret: '' };
		const send = async (body: unknown) =>
			(await stage.kling.sendCallback(listener.url, body, unsigned)).status;
		await stage.kling.sendCallback(listener.url, bodyOf(task_id));

		expect(await send({ hello: 'world' })).toBe(400);
		expect(await send(bodyOf(task_id, 'processing'))).toBe(401);
		expect(await send(bodyOf(task_id))).toBe(401);
	});

	it('answers the signed test callback of the console', async () => {
		const delivery = await stage.kling.sendCallback(listen().url, consoleTest);

		expect(delivery.status).toBe(200);
	});
});

describe('Skip API Check When Signed', () => {
	const skip = (more = {}) => ({ options: { skipApiCheckWhenSigned: true, ...more } });

	it('puts out what the signed callback says, without asking Kling', async () => {
		const listener = listen(skip());
		const json = { ...bodyOf('867283741759111202'), something_new: [1] };
		await stage.kling.sendCallback(listener.url, json);
		await listener.settled();

		expect(emitted(listener.outcomes)).toEqual([
			{ ...json, expires_at: '2024-09-03T11:05:57.708Z' },
		]);
		expect(stage.kling.requests).toHaveLength(0);
	});

	it('puts out the newer shape with the names of this API beside it', async () => {
		const listener = listen(skip());
		const json = { ...consoleTest, status: 'succeeded', external_id: 'order-1' };
		await stage.kling.sendCallback(listener.url, json);

		expect(emitted(listener.outcomes)).toEqual([
			{
				...json,
				task_id: consoleTest.id,
				task_status: 'succeed',
				task_info: { external_task_id: 'order-1' },
			},
		]);
	});

	it('reads the task all the same without a secret', async () => {
		stage.kling.webhookSecret = undefined;
		const listener = stage.engine.listen({ parameters: skip() });
		const task_id = finishedTask(stage, 'order-1');
		await stage.kling.sendCallback(listener.url, { ...bodyOf(task_id), forged: true });
		await stage.kling.sendCallback(listener.url, bodyOf('867283741759111202'));

		expect(emitted(listener.outcomes)).toMatchObject([
			{ task_id, task_info: { external_task_id: 'order-1' } },
		]);
		expect(emitted(listener.outcomes)[0]).not.toHaveProperty('forged');
		// The second one is not known, and read once more.
		expect(stage.kling.count('get')).toBe(3);
	});

	it.each([
		['images are to be downloaded', { downloadImages: true }],
		['there is to be an item for each image', { output: 'images' }],
		[
			'a prefix is compared and the callback has no id',
			{ options: { skipApiCheckWhenSigned: true, externalTaskIdPrefix: 'order-' } },
		],
	])('reads the task all the same where %s', async (_case, parameters) => {
		const listener = listen({ ...skip(), ...parameters });
		await stage.kling.sendCallback(listener.url, bodyOf(finishedTask(stage, 'order-1')));
		await listener.settled();

		expect(stage.kling.count('get')).toBe(1);
		expect(emitted(listener.outcomes).length).toBeGreaterThan(0);
	});

	it('compares the prefix with the id that a signed callback states', async () => {
		const listener = listen(skip({ externalTaskIdPrefix: 'order-' }));
		const body = bodyOf('867283741759111202');
		const stating = (external_task_id: string) => ({ ...body, task_info: { external_task_id } });
		await stage.kling.sendCallback(listener.url, stating('other-1'));
		await stage.kling.sendCallback(listener.url, stating('order-1'));

		expect(emitted(listener.outcomes)).toMatchObject([stating('order-1')]);
		expect(stage.kling.requests).toHaveLength(0);
	});

	it.each([
		['both are wanted', ['processing', 'succeed'], ['succeed']],
		['the final one is not wanted', ['processing'], []],
	])(
		'puts nothing out that is earlier than a final status, where %s',
		async (_case, statuses, expected) => {
			const listener = listen({ ...skip(), statuses });
			await stage.kling.sendCallback(listener.url, bodyOf('867283741759111202'));
			await stage.kling.sendCallback(listener.url, bodyOf('867283741759111202', 'processing'));

			expect(statusesOf(listener, '867283741759111202')).toEqual(expected);
		},
	);
});

/** From now on the clock that memory goes by is so far ahead. */
function later(ms: number): void {
	const now = performance.now.bind(performance);
	jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

describe('a Webhook Secret that was read a moment ago', () => {
	const parameters = { options: { skipApiCheckWhenSigned: true } };
	let sent = 0;
	/** Of another task each time. */
	const send = async (url: string, secret = SECRET) =>
		(await stage.kling.sendCallback(url, bodyOf(`made-up-${++sent}`), { secret })).status;

	afterEach(() => jest.restoreAllMocks());

	it('verifies for two minutes without another reading of the credential', async () => {
		const credentials = withSecret(stage, SECRET);
		const readings = countReadings(credentials);
		const listener = stage.engine.listen({ parameters, credentials });
		const start = performance.now();
		const now = jest.spyOn(performance, 'now');
		for (const [laterMs, count] of [
			[0, 1],
			[119_000, 1],
			[121_000, 2],
		] as const) {
			now.mockReturnValue(start + laterMs);
			expect(await send(listener.url)).toBe(200);
			expect(readings.count).toBe(count);
		}
		expect(emitted(listener.outcomes)).toHaveLength(3);
	});

	it('gives way within a second to the one that has taken its place', async () => {
		const credentials = withSecret(stage, SECRET);
		const { url } = stage.engine.listen({ parameters, credentials });
		expect(await send(url)).toBe(200);
		credentials.klingApi = { ...credentials.klingApi, webhookSecret: OTHER_SECRET };
		// Forged callbacks must not cost a reading each.
		expect(await send(url, OTHER_SECRET)).toBe(401);
		later(1_000);

		expect(await send(url, OTHER_SECRET)).toBe(200);
		expect(await send(url)).toBe(401);
	});

	it('is forgotten when the credential is read without one', async () => {
		const credentials = withSecret(stage, SECRET);
		const listener = stage.engine.listen({ parameters, credentials });
		expect(await send(listener.url)).toBe(200);
		credentials.klingApi = { ...credentials.klingApi, webhookSecret: '' };
		later(1_000);
		await stage.kling.sendCallback(listener.url, bodyOf(finishedTask(stage)), { secret: '' });
		const made_up = bodyOf('867283741759111203');
		await stage.kling.sendCallback(listener.url, made_up);

		expect(emitted(listener.outcomes)).not.toContainEqual(expect.objectContaining(made_up));
		expect(stage.kling.count('get')).toBe(3);
	});

	it('is not brought back by a callback that came before the change and is looked up still', async () => {
		const credentials = withSecret(stage, SECRET);
		const { url } = stage.engine.listen({ credentials });
		stage.kling.switches.queryLagMs = 300;
		const { task_id } = stage.kling.createTask();
		await stage.kling.move(task_id, 'succeed');
		const looking = stage.kling.sendCallback(url, bodyOf(task_id));
		await stage.kling.until(() => stage.kling.count('get') === 1);
		credentials.klingApi = { ...credentials.klingApi, webhookSecret: OTHER_SECRET };
		later(1_000);
		await send(url, OTHER_SECRET);

		expect((await looking).status).toBe(200);
		expect(await send(url)).toBe(401);
	});

	it('vouches for nothing once the credential cannot be read', async () => {
		const credentials = withSecret(stage, SECRET);
		const { url } = stage.engine.listen({ parameters, credentials });
		expect(await send(url)).toBe(200);
		delete credentials.klingApi;
		later(1_000);

		// Read anew, since its signature is not known.
		expect(await send(url, OTHER_SECRET)).toBe(503);
		expect(await send(url)).toBe(503);
	});

	it('is read each time while the user listens for a test event', async () => {
		const credentials = withSecret(stage, SECRET);
		const { url } = stage.engine.listen({ mode: 'manual', credentials });
		expect(await send(url)).toBe(200);
		credentials.klingApi = { ...credentials.klingApi, webhookSecret: OTHER_SECRET };

		expect(await send(url)).toBe(401);
	});
});

describe('that there was no Webhook Secret a moment ago', () => {
	const parameters = { options: { skipApiCheckWhenSigned: true } };
	let credentials: ReturnType<typeof withSecret>;
	let url: string;

	const sendUnsigned = async (task_status?: string) => {
		const body = bodyOf(finishedTask(stage), task_status);
		return (await stage.kling.sendCallback(url, body, { secret: '' })).status;
	};
	const enterSecret = () => {
		credentials.klingApi = { ...credentials.klingApi, webhookSecret: SECRET };
	};

	beforeEach(async () => {
		credentials = withSecret(stage, '');
		({ url } = stage.engine.listen({ parameters, credentials }));
		expect(await sendUnsigned('processing')).toBe(200);
	});
	afterEach(() => jest.restoreAllMocks());

	it('is believed for two minutes', async () => {
		const readings = countReadings(credentials);
		expect(await sendUnsigned('processing')).toBe(200);
		expect(readings.count).toBe(0);
		enterSecret();
		later(121_000);

		expect(await sendUnsigned('processing')).toBe(401);
	});

	it('is believed no longer once the credential was read, to look at a task', async () => {
		enterSecret();

		expect([await sendUnsigned(), await sendUnsigned()]).toEqual([200, 401]);
	});

	it('is not believed where a callback is signed', async () => {
		enterSecret();
		later(1_000);
		await stage.kling.sendCallback(url, bodyOf('867283741759111202'));

		expect(stage.kling.count('get')).toBe(0);
		expect(await sendUnsigned('processing')).toBe(401);
	});
});

describe('a Webhook Secret that is none', () => {
	const webhookSecret = 'whsec_***';

	it('ends the activation with advice, without the secret in it', async () => {
		const { klingApi } = withSecret(stage, webhookSecret);
		const engine = await startEngine({
			nodeTypes: 'source',
			credentials: { klingApi: klingApi ?? {} },
		});
		const error = await engine.webhookMethod('create').then(
			() => undefined,
			(reason: Error & { description?: string }) => reason,
		);
		engine.stop();

		expect(error?.message).toMatch(/Webhook Secret.*is not valid/);
		expect(error?.description).toMatch(/console/);
		expect(JSON.stringify(error)).not.toContain('***');
	});

	it('lets nobody in', async () => {
		stage.kling.webhookSecret = undefined;
		const listener = listen({}, webhookSecret);
		const delivery = await stage.kling.sendCallback(listener.url, bodyOf(finishedTask(stage)));

		expect(delivery.status).toBe(401);
	});
});
