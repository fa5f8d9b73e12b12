import { createHash, randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callbackBody, multiShotAnswer, type AnswerOf } from './answers';
import { makeCallbacks } from './callbacks';
import { makeClockwork } from './clockwork';
import { liveCounters } from './counters';
import { elementTaskAnswer } from './elements/answers';
import { withNumberIds } from './elements/digits';
import { addElement } from './elements/elsewhere';
import { makeElementLibrary } from './elements/library';
import { makeFaults } from './faults';
import { makeFiles, nameOf } from './files';
import type { Kling, KlingOptions } from './kling';
import { seededRandom } from './random';
import { keepBody, makeRequestLog } from './requests';
import { idsOf, operationOf, route, type RouteContext } from './routes';
import { listen, readBody, send } from './server';
import { DEFAULT_SWITCHES } from './switches';
import { isFinal, makeTaskStore, type Task, type TaskStatus } from './tasks';
import { makeViewMaker } from './views';
import type { World } from './world';

const UNTIL_TIMEOUT_MS = 10_000;

export async function startKling(options: KlingOptions = {}): Promise<Kling> {
	const closing = new AbortController();
	// Each callback that is under way listens.
	setMaxListeners(0, closing.signal);
	let random = seededRandom(options.seed ?? 1);
	const world: World = {
		baseUrl: '',
		accessKey: options.accessKey ?? randomBytes(16).toString('hex'),
		secretKey: options.secretKey ?? randomBytes(16).toString('hex'),
		apiKey: options.apiKey ?? `api-key-${randomBytes(24).toString('hex')}`,
		...startValues(options),
		switches: { ...DEFAULT_SWITCHES, ...options.switches },
		now: () => Date.now() + world.clockOffsetMs,
		random: () => random(),
		closing: closing.signal,
	};
	const log = makeRequestLog();
	const tasks = makeTaskStore(world);
	const elements = makeElementLibrary(world);
	const answerOf: AnswerOf = (task, moment) =>
		elements.ofTask(task.task_id)
			? elementTaskAnswer(world, elements, task, moment)
			: multiShotAnswer(world, task, moment);
	const callbacks = makeCallbacks(world, (task, moment) =>
		withNumberIds(JSON.stringify(callbackBody(world, task, moment, answerOf))),
	);
	const faults = makeFaults(closing.signal, options.seed ?? 1);
	const files = makeFiles(closing.signal);
	const sources = new Map<string, Buffer>();
	const [shortest, longest] = options.durationMs ?? [3000, 8000];
	const clockwork = makeClockwork(
		() => shortest + world.random() * (longest - shortest),
		(task) => kling.fate(task),
		(task, status, message) => void move(task.task_id, status, message),
	);

	async function move(id: string, status: TaskStatus, message?: string): Promise<Task> {
		const store = elements.tasks.find(id) ? elements.tasks : tasks;
		const task = store.change(id, status, message);
		elements.moved(task);
		if (isFinal(task.status)) clockwork.stop(task);
		await callbacks.announce(task);
		return task;
	}

	const context: RouteContext = {
		world,
		tasks,
		elements,
		sources,
		files,
		recentCreates: [],
		makeView: makeViewMaker(sources),
		created(task) {
			if (world.switches.callbackOnSubmitted) void callbacks.announce(task);
			if (options.mode === 'auto') clockwork.start(task);
		},
	};

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const address = new URL(`${world.baseUrl}${request.url ?? '/'}`);
		const method = request.method ?? '';
		const operation = operationOf(method, address.pathname);
		const record = log.begin(operation, method, address, request.headers);
		try {
			const body = await readBody(request);
			keepBody(record, body);
			const ids = idsOf(context, operation, address.pathname, record);
			const reply = await faults.around(record, ids, async () => {
				return await route(context, operation, address, request, body);
			});
			await send(response, reply, record);
		} finally {
			log.end(record);
			options.log?.(`${method} ${record.path} ${record.status} ${record.code ?? ''}`.trimEnd());
		}
	}

	const listener = await listen(options.port ?? 0, answer);
	world.baseUrl = `http://127.0.0.1:${listener.port}`;

	/** The world itself, so that what a test changes on it holds at once. */
	const kling: Kling = Object.assign(world, {
		fate: () => undefined,
		tasks: tasks.all,
		elementTasks: elements.tasks.all,
		elements: elements.own,
		requests: log.all,
		deliveries: callbacks.deliveries,
		counters: liveCounters(tasks, elements, log),
		count: (operation) => log.all.filter((request) => request.operation === operation).length,
		task(task_id) {
			const task = tasks.find(task_id);
			if (!task) throw new Error(`No task ${task_id}`);
			return task;
		},
		createTask({ frontImage, ...given } = {}) {
			const sha256 = frontImage ? createHash('sha256').update(frontImage).digest('hex') : '';
			if (frontImage) sources.set(sha256, frontImage);
			const task = tasks.add({ image: { sha256, bytes: frontImage?.length ?? 0 }, ...given });
			if (options.mode === 'auto') clockwork.start(task);
			return task;
		},
		createElement(given = {}) {
			const task = addElement(elements, given);
			if (options.mode === 'auto') clockwork.start(task);
			return task;
		},
		move: async (id, status, { task_status_msg } = {}) => await move(id, status, task_status_msg),
		fault: (fault) => faults.add(fault),
		sendCallback: async (url, body, how) => await callbacks.send(url, body, how),
		sendTestCallback: async (url, how) => await callbacks.sendTest(url, how),
		serve: (name, bytes, how) => world.baseUrl + files.serve(name, bytes, how),
		imageUrl(file) {
			const bytes = typeof file === 'string' ? readFileSync(file) : file;
			const name = typeof file === 'string' ? basename(file) : nameOf(file);
			return world.baseUrl + files.serve(name, bytes);
		},
		async until(condition, timeoutMs = UNTIL_TIMEOUT_MS) {
			for (const end = Date.now() + timeoutMs; !condition(); await pause(5)) {
				if (Date.now() > end) throw new Error(`Not within ${timeoutMs} ms: ${String(condition)}`);
			}
		},
		settled: async () => await callbacks.settled(),
		reset() {
			clockwork.stopAll();
			tasks.clear();
			elements.clear();
			log.clear();
			callbacks.clear();
			faults.clear();
			context.recentCreates.length = 0;
			random = seededRandom(options.seed ?? 1);
			kling.fate = () => undefined;
			Object.assign(kling, startValues(options));
			Object.assign(world.switches, DEFAULT_SWITCHES, options.switches);
		},
		goAway: async () => await listener.close(),
		comeBack: async () => await listener.reopen(),
		async close() {
			if (closing.signal.aborted) return;
			clockwork.stopAll();
			closing.abort();
			await listener.close();
			await callbacks.settled();
		},
	} satisfies Omit<Kling, keyof World>);
	return kling;
}

function startValues({ webhookSecret, slots = Infinity, clockOffsetMs = 0 }: KlingOptions) {
	return { webhookSecret, slots, clockOffsetMs };
}
