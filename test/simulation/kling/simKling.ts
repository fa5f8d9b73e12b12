import { createHash } from 'node:crypto';
import { callbackBody, multiShotAnswer, type AnswerOf } from '../../kling/answers';
import { makeClockwork } from '../../kling/clockwork';
import { elementTaskAnswer } from '../../kling/elements/answers';
import { addElement } from '../../kling/elements/elsewhere';
import { makeElementLibrary } from '../../kling/elements/library';
import { KlingError } from '../../kling/errors';
import type { InputImage } from '../../kling/inputImage';
import { makeFiles } from '../../kling/files';
import { seededRandom } from '../../kling/random';
import type { Reply } from '../../kling/reply';
import { operationOf, route, type RouteContext } from '../../kling/routes';
import { DEFAULT_SWITCHES } from '../../kling/switches';
import { isFinal, makeTaskStore, type Moment, type Task } from '../../kling/tasks';
import type { World } from '../../kling/world';
import type { Operation } from '../../kling';
import type { VirtualTime } from '../time/virtualTime';
import type { KlingPlan, NodePlan } from '../world/plan';

export const BASE_URL = 'https://api-singapore.klingai.com';
export const KEYS = {
	accessKey: 'ak_simulation_0123456789abcdef',
	secretKey: 'sk_simulation_0123456789abcdef',
	apiKey: 'api-key-of-the-simulation',
};
/** Kling refuses this image, in words that could be about anything. */
export const REFUSED_IMAGE = 11;

const LIKE_TASKS: { [Name in Operation]?: Operation } = {
	createElement: 'create',
	getElement: 'get',
	listElements: 'list',
};

const FOREIGN_AGE_MS = 10 * 60_000;
/** As many bytes as a type can be told from. */
const VIEW = Buffer.from('89504e470d0a1a0a0000000d49484452000002000000020008020000', 'hex');

export interface SimKling {
	readonly world: World;
	readonly tasks: readonly Task[];
	/** Elements are created, read and listed as tasks are. */
	operationOf(method: string, url: URL): Operation;
	/** Does what is asked, and answers. `charged` hears of a task at the moment of its charge. */
	handle(request: SimRequest, charged: (task: Task) => void): Promise<Reply>;
	/** Whether a Get or List would show it now. */
	isFinalNow(task_id: string): boolean;
	/** The task that an own id like `taskIdOf: n` names. */
	foreignId(index: number): string;
	/** The finished AI Multi-Shot task of this image. */
	sourceId(image: string): string;
}

export interface SimRequest {
	method: string;
	url: URL;
	headers: Record<string, string>;
	body: string;
}

/** The local Kling's own tasks and routes, without a socket and in virtual time. */
export function startSimKling(
	plan: KlingPlan,
	creates: NodePlan['creates'],
	seed: number,
	time: VirtualTime,
	announce: (task: Task, body: object, moment: Moment) => void,
): SimKling {
	const closing = new AbortController();
	const random = seededRandom(seed);
	const world: World = {
		baseUrl: BASE_URL,
		...KEYS,
		webhookSecret: undefined,
		switches: { ...DEFAULT_SWITCHES, ...plan.switches },
		slots: plan.slots || Infinity,
		clockOffsetMs: 0,
		now: () => time.trueTime(),
		random,
		closing: closing.signal,
	};
	const elements = makeElementLibrary(world);
	const multiShots = makeTaskStore(world);
	const tasks = creates === 'element' ? elements.tasks : multiShots;
	const foreign = plan.foreign.map(({ order, status }, index) => {
		const created_at = time.trueTime() - FOREIGN_AGE_MS - index * 1000;
		const external_task_id = order === undefined ? undefined : `order-${order}`;
		const task = { external_task_id, status, created_at, updated_at: created_at + 5000 };
		return creates === 'element' ? addElement(elements, task) : tasks.add(task);
	});
	const [shortest, longest] = plan.durationS;
	const clockwork = makeClockwork(
		() => (shortest + random() * (longest - shortest)) * 1000,
		(task) => {
			const position = tasks.all.filter(({ charged }) => charged).indexOf(task);
			return plan.failing.includes(position)
				? { status: 'failed', task_status_msg: 'Image content is not suitable' }
				: undefined;
		},
		(task, status, message) => {
			elements.moved(tasks.change(task.task_id, status, message));
			tell(task);
		},
	);
	for (const task of foreign) clockwork.start(task);

	const sources = new Map<string, string>();
	function sourceId(image: string): string {
		const at = time.trueTime() - FOREIGN_AGE_MS;
		const known = sources.get(image);
		const id =
			known ?? multiShots.add({ status: 'succeed', created_at: at, updated_at: at }).task_id;
		sources.set(image, id);
		return id;
	}

	const answerOf: AnswerOf = (task, moment) =>
		creates === 'element'
			? elementTaskAnswer(world, elements, task, moment)
			: multiShotAnswer(world, task, moment);
	function tell(task: Task): void {
		const moment = task.history.at(-1) ?? task.history[0];
		announce(task, callbackBody(world, task, moment, answerOf), moment);
	}

	const context: RouteContext = {
		world,
		tasks: multiShots,
		elements,
		sources: new Map(),
		files: makeFiles(closing.signal),
		recentCreates: [],
		makeView: async () => VIEW,
		created() {},
		readImage,
	};
	return {
		world,
		tasks: tasks.all,
		operationOf(method, url) {
			const operation = operationOf(method, url.pathname);
			return LIKE_TASKS[operation] ?? operation;
		},
		async handle({ method, url, headers, body }, charged) {
			const created = (task: Task) => {
				charged(task);
				clockwork.start(task);
				tell(task);
			};
			const operation = operationOf(method, url.pathname);
			return await route({ ...context, created }, operation, url, { method, headers }, body);
		},
		isFinalNow: (id) => isFinal(tasks.find(id)?.status ?? 'submitted'),
		foreignId: (index) => foreign[index]?.task_id ?? `order-${index}`,
		sourceId,
	};
}

async function readImage(address: string): Promise<InputImage> {
	if (address.includes(`/${REFUSED_IMAGE}.png`))
		throw new KlingError(1201, 'The image does not exist or is damaged');
	const bytes = Buffer.from(address);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { bytes, sha256, width: 512, height: 512, tooSmall: false };
}
