import { createHash } from 'node:crypto';

import { makeImage, type Fault } from '../kling';
import { settle } from '../support/tally';
import { openAgentStage, viewsOf, type AgentStage } from './agentStage';
import { keepEnding } from './creating';

let stage: AgentStage;
let stopEnding: () => void;
beforeAll(async () => {
	stage = await openAgentStage();
	stopEnding = keepEnding(stage.kling);
});
afterAll(async () => {
	stopEnding();
	await stage.close();
});
beforeEach(() => {
	stage.kling.reset();
	stage.model.turns.length = 0;
});

const create = { operation: 'create', options: { pollInterval: 1 } };

/** n8n's engine runs the newest agent's tools one after the other; before version 3 the agent itself did, side by side. */
const agents = [
	['the newest agent', {}],
	['an agent that runs its tools itself', { agentVersion: 2.2, completions: true }],
] as const;

it.each(agents)(
	'%s asks for two at once: each is paid once, and keeps its call',
	async (name, settings) => {
		const { ask, kling, finished, runAgent, tasksRead } = stage;
		const images = await Promise.all([1, 2].map(async (variant) => await makeImage({ variant })));
		ask(...images.map((bytes) => viewsOf(kling.imageUrl(bytes))));
		await finished(await runAgent(create, settings));
		const read = tasksRead();
		settle(`${name}, two calls`, {
			wanted: 2,
			charged: kling.counters.tasksCharged,
			found: read.map(({ task_id = '' }) => task_id),
		});
		const hashes = read.map(({ task_id = '' }) => kling.task(task_id).image.sha256);
		expect(hashes).toEqual(images.map((bytes) => createHash('sha256').update(bytes).digest('hex')));
	},
);

/** The first try creates the task, gets no answer, and cannot look it up. */
const faults: Fault[] = [
	{ on: 'create', kind: 'drop', when: 'after' },
	{ on: 'get', kind: 'error', code: 1103 },
];

it.each(agents)(
	'%s: n8n tries the tool again, and nothing is charged twice',
	async (name, settings) => {
		const { ask, kling, imageUrl, finished, runAgent, tasksRead } = stage;
		for (const fault of faults) kling.fault(fault);
		ask(viewsOf(imageUrl));
		await finished(await runAgent(create, { ...settings, retryOnFail: true }));
		const [task] = tasksRead();
		settle(`${name}, tool tried again`, {
			wanted: 1,
			charged: kling.counters.tasksCharged,
			found: [task?.task_id ?? ''],
		});
		expect(task).toMatchObject({ task_status: 'succeed' });
		// It was charged for this very call.
		expect(task).not.toHaveProperty('reused');
	},
);
