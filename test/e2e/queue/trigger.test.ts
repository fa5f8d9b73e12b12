import { signatureHeaders } from '../../kling/signature';
import { outputOf, type Item } from '../../support/n8n';
import { settle } from '../../support/tally';
import { link, node } from '../nodes';
import { useStage } from '../stage';
import {
	activated,
	activeTrigger,
	SECRET,
	sendJson,
	TRIGGER,
	triggerWorkflow,
	withWebhookSecret,
	type ActiveTrigger,
} from '../triggerStage';
import { at, cluster, startsOf } from './stage';

const TASKS = 12;
const COPIES = 3;
const NEW_TASK = 'New Task';

const stage = useStage();
let trigger: ActiveTrigger | undefined;
beforeEach(() => stage.kling.reset());
afterEach(async () => await trigger?.close());

const makeTasks = (count = TASKS): string[] =>
	Array.from({ length: count }, () => stage.kling.createTask({ status: 'succeed' }).task_id);

async function send(url: string, task_id: string, secret = ''): Promise<number> {
	const body = { task_id, task_status: 'succeed', task_info: {} };
	const headers = signatureHeaders(secret, task_id, Date.now(), JSON.stringify(body));
	return await sendJson(url, body, secret === '' ? {} : { ...headers });
}

/** Task ids that came out of the node, of all executions. */
async function putOut({ executions }: ActiveTrigger, nodeName: string, count: number) {
	const all = await executions(count);
	expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['success']));
	const items = await Promise.all(
		all.map(async ({ id }) => outputOf(await stage.api.getExecution(id), nodeName)),
	);
	return { executions: all, ids: idsOf(items.flat()).sort() };
}

const idsOf = (items: Item[]): string[] => items.map(({ json }) => String(json['task_id']));

/** The trigger, and Remove Duplicates as the README says. */
async function withRemoveDuplicates(): Promise<ActiveTrigger> {
	const { nodes, name } = triggerWorkflow(`e2e-once-${Date.now()}`);
	const once = node('Once', 'n8n-nodes-base.removeDuplicates', 2, {
		operation: 'removeItemsSeenInPreviousExecutions',
		logic: 'removeItemsWithAlreadySeenKeyValues',
		dedupeValue: '={{ $json.task_id }}:{{ $json.task_status }}',
		options: {},
	});
	const newTask = node(NEW_TASK, 'n8n-nodes-base.noOp', 1);
	const [first] = nodes;
	return await activated(stage, {
		name,
		nodes: first ? [first, once, newTask] : [],
		connections: link(TRIGGER, 'Once', NEW_TASK),
	});
}

it.each([
	['signed', SECRET],
	['unsigned', ''],
])(
	'%s callbacks, three copies of each at a time, at one webhook processor: each task once',
	async (how, secret) => {
		const place = secret === '' ? stage : await withWebhookSecret(stage, secret);
		trigger = await activeTrigger(place);
		const url = at(cluster().webhook, trigger.url);
		const ids = makeTasks();
		const copies = ids.flatMap((id) => Array.from({ length: COPIES }, () => id));
		const answers = await Promise.all(copies.map(async (id) => await send(url, id, secret)));
		expect(new Set(answers)).toEqual(new Set([200]));

		const out = await putOut(trigger, TRIGGER, TASKS);
		expect(out.ids).toEqual([...ids].sort());
		const starts = await Promise.all(out.executions.map(async ({ id }) => await startsOf(id)));
		expect(starts.flat().reduce((sum, one) => sum + one, 0)).toBe(TASKS);
		settle(`${TASKS} ${how} callbacks in ${COPIES} copies`, {
			wanted: 0,
			charged: 0,
			found: out.ids,
		});
	},
);

it('copies at two processes come out at least once; with Remove Duplicates a later one does not', async () => {
	trigger = await withRemoveDuplicates();
	const { url } = trigger;
	const { main, webhook } = cluster();
	const ids = makeTasks();
	for (const id of ids) {
		expect(await send(at(main, url), id)).toBe(200);
		expect(await send(at(webhook, url), id)).toBe(200);
	}
	const out = await putOut(trigger, TRIGGER, 2 * TASKS);
	expect(new Set(out.ids)).toEqual(new Set(ids));
	const once = (await putOut(trigger, NEW_TASK, 2 * TASKS)).ids;
	console.log(
		`${TASKS} tasks at two processes: ${out.ids.length} executions, ${once.length} behind Remove Duplicates`,
	);
});
