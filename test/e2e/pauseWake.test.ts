import { CREDENTIAL_TYPE, failureOf, outputOf, type Execution } from '../support/n8n';
import { node } from './nodes';
import { after, apiCalls, itemsNode, median, pausingNode, run, wakeMs } from './pausing';
import { useStage } from './stage';
import { SECRET } from './triggerStage';

const ROUNDS = 5;
/** The built-in Wait downloads nothing, either. */
const WITHOUT_FILES = { downloadImages: false };

const stage = useStage();

async function setSecret(webhookSecret: string): Promise<void> {
	const { api, credential, credentialData, kling } = stage;
	await api.updateCredential(credential.id, credential.name, CREDENTIAL_TYPE, {
		...credentialData,
		webhookSecret,
	});
	kling.webhookSecret = webhookSecret;
	kling.switches.callbackBody = 'documented';
}

interface Wake {
	/** Milliseconds from the callback to the next node. */
	ms: number;
	/** Isolates of n8n's expression engine that it took, each some 80 ms of CPU. */
	isolates: number;
	apiCalls: number;
}

async function isolatesTaken(): Promise<number> {
	const metrics = await (await fetch(`${stage.api.session.baseUrl}/metrics`)).text();
	const [, count] = /^\S*expression_pool_acquired\S* (\d+)$/m.exec(metrics) ?? [];
	return Number(count);
}

/** Parks one item, wakes it by `callBack` and waits for the end. */
async function wakeOne(
	executionId: string,
	callBack: (parked: Execution) => Promise<unknown>,
): Promise<Wake> {
	const { api, kling } = stage;
	const parked = await api.waitFor(executionId, ['waiting'], 30_000);
	const before = await isolatesTaken();
	await callBack(parked);
	const execution = await api.waitUntilFinished(executionId);
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	const isolates = (await isolatesTaken()) - before;
	return { ms: wakeMs(kling, execution), isolates, apiCalls: apiCalls(kling) };
}

async function wakeOurs(webhookSecret: string): Promise<Wake> {
	const { kling } = stage;
	kling.reset();
	await setSecret(webhookSecret);
	const executionId = await run(
		stage,
		itemsNode([{}]),
		pausingNode(stage, {}, WITHOUT_FILES),
		after,
	);
	const woken = await wakeOne(executionId, async () => {
		const [{ task_id } = { task_id: '' }] = kling.tasks;
		await kling.move(task_id, 'succeed');
	});
	const [item] = outputOf(await stage.api.getExecution(executionId), after.name);
	expect(item?.json).toMatchObject({ task_status: 'succeed', completed: true });
	return woken;
}

/** n8n's own Wait, called with the same body. */
async function wakeBuiltIn(): Promise<Wake> {
	const { kling } = stage;
	kling.reset();
	const url = node('URL', 'n8n-nodes-base.set', 3.4, {
		mode: 'raw',
		jsonOutput: '={{ { url: $execution.resumeUrl } }}',
	});
	const wait = {
		...node('Wait', 'n8n-nodes-base.wait', 1.1, {
			resume: 'webhook',
			httpMethod: 'POST',
			options: {},
		}),
		webhookId: '2c3f3d0a-41a5-4d0b-9a55-6d1c6b0d8e11',
	};
	return await wakeOne(await run(stage, itemsNode([{}]), url, wait, after), async (parked) => {
		const resumeUrl = String(outputOf(parked, url.name)[0]?.json['url']);
		const { status } = await kling.sendCallback(resumeUrl, { task_status: 'succeed' });
		expect(status).toBe(200);
	});
}

it('the next node starts at once: a signed wake takes no more isolates than one of the built-in Wait, others one more', async () => {
	const rounds: Array<Record<'read' | 'signed' | 'builtIn', Wake>> = [];
	for (let round = 0; round < ROUNDS; round++) {
		const builtIn = await wakeBuiltIn();
		rounds.push({ builtIn, signed: await wakeOurs(SECRET), read: await wakeOurs('') });
	}
	const say = (what: string, wakes: Wake[]): void => {
		const [first] = wakes;
		console.log(
			`${what}: ${first?.apiCalls} API calls, ${first?.isolates} isolates; from the callback to the next node ` +
				`${median(wakes.map(({ ms }) => ms))} ms at the median (${wakes.map(({ ms }) => ms).join(', ')})`,
		);
	};
	say(
		'Task read again',
		rounds.map(({ read }) => read),
	);
	say(
		'Signed callback',
		rounds.map(({ signed }) => signed),
	);
	say(
		'Built-in Wait',
		rounds.map(({ builtIn }) => builtIn),
	);
	for (const { read, signed, builtIn } of rounds) {
		expect(read.apiCalls).toBe(3);
		expect(signed.apiCalls).toBe(2);
		expect(builtIn.isolates).toBeGreaterThan(0);
		expect(read.isolates).toBe(builtIn.isolates + 1);
		expect(signed.isolates).toBe(builtIn.isolates);
	}
}, 180_000);
