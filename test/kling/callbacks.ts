import { randomInt } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { newerBody } from './answers';
import { isLoopback } from './loopback';
import { signatureHeaders } from './signature';
import { isFinal, type Moment, type Task, type TaskStatus } from './tasks';
import type { World } from './world';

const DELIVERY_TIMEOUT_MS = 30_000;

export interface Delivery {
	readonly url: string;
	readonly task_id?: string;
	readonly task_status?: TaskStatus;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/** Unix ms, this machine's clock; when it was sent, not when it was due. */
	at: number;
	/** Until the answer was there. */
	ms: number;
	/** HTTP status of the answer; 0 when none came. */
	status: number;
	/** The answer's body, or why there is none. */
	answer: string;
}

export interface CallbackOptions {
	/** Default: the Kling's own; '' sends no signature. */
	secret?: string;
	id?: string;
	/** Unix ms. */
	timestamp?: number;
	/** Added to, or in place of, the usual ones. */
	headers?: Record<string, string>;
}

export interface Callbacks {
	readonly deliveries: Delivery[];
	/** For the task's latest status. Resolves when what is neither delayed nor held back was delivered. */
	announce(task: Task): Promise<void>;
	/** Any body; a string goes out as it is. */
	send(url: string, body: unknown, options?: CallbackOptions): Promise<Delivery>;
	/** The console's button. */
	sendTest(url: string, options?: CallbackOptions): Promise<Delivery>;
	/** All deliveries that are under way or due were made. */
	settled(): Promise<void>;
	clear(): void;
}

/** `bodyOf` gives what {@link Callbacks.announce} sends. */
export function makeCallbacks(
	world: World,
	bodyOf: (task: Task, moment: Moment) => unknown,
): Callbacks {
	const deliveries: Delivery[] = [];
	const pending = new Set<Promise<unknown>>();
	/** Per task, so that its callbacks do not overtake each other. */
	const lines = new Map<string, Promise<unknown>>();
	const held = new Map<string, Moment[]>();
	const agent = new Agent({ keepAlive: false });

	async function send(
		url: string,
		content: unknown,
		options: CallbackOptions = {},
		about: Pick<Delivery, 'task_id' | 'task_status'> = {},
	): Promise<Delivery> {
		const body = typeof content === 'string' ? content : JSON.stringify(content);
		const secret = options.secret ?? world.webhookSecret ?? '';
		const id = options.id ?? messageId();
		const timestamp = options.timestamp ?? world.now();
		const headers = {
			'content-type': 'application/json; charset=utf-8',
			'user-agent': 'Apache-HttpClient/4.5.14 (Java/17.0.9)',
			...(secret ? signatureHeaders(secret, id, timestamp, body) : {}),
			...options.headers,
		};
		const delivery: Delivery = {
			...about,
			url,
			headers,
			body,
			at: Date.now(),
			ms: 0,
			status: 0,
			answer: '',
		};
		deliveries.push(delivery);
		await post(delivery, agent, world.closing);
		return delivery;
	}

	async function sendAbout(task: Task, moment: Moment): Promise<void> {
		const url = task.callback_url;
		if (url === undefined) return;
		const about = { task_id: task.task_id, task_status: moment.status };
		const body = bodyOf(task, moment);
		const id = messageId();
		for (let copy = 0; copy < world.switches.callbackCopies; copy++) {
			await send(url, body, { id }, about);
		}
	}

	function queue(task: Task, moments: Moment[]): Promise<void> {
		const before = lines.get(task.task_id) ?? Promise.resolve();
		const line = before.then(async () => {
			for (const moment of moments) await sendAbout(task, moment);
		});
		lines.set(task.task_id, line);
		return line;
	}

	function track(work: Promise<unknown>): void {
		const settledWork = work.catch(() => undefined).finally(() => pending.delete(settledWork));
		pending.add(settledWork);
	}

	return {
		deliveries,
		send: async (url, body, options) => await send(url, body, options),
		async sendTest(url, options) {
			const now = world.now();
			const task = { task_id: messageId(), external_task_id: undefined, created_at: now };
			const moment = { status: 'submitted' as const, task_status_msg: '', updated_at: now };
			return await send(url, newerBody(task, moment), options);
		},
		async announce(task) {
			if (task.callback_url === undefined) return;
			const moment = task.history.at(-1) ?? task.history[0];
			const earlier = held.get(task.task_id) ?? [];
			if (world.switches.callbackOrder === 'reversed' && !isFinal(moment.status)) {
				held.set(task.task_id, [moment, ...earlier]);
				return;
			}
			held.delete(task.task_id);
			const moments = [moment, ...earlier];
			const delayMs = world.switches.callbackDelayMs;
			if (delayMs === 0) {
				const work = queue(task, moments);
				track(work);
				await work;
				return;
			}
			const due = pause(delayMs, undefined, { signal: world.closing });
			track(due.then(async () => await queue(task, moments)));
		},
		async settled() {
			while (pending.size > 0) await Promise.all(pending);
		},
		clear() {
			deliveries.length = 0;
			held.clear();
			lines.clear();
		},
	};
}

async function post(delivery: Delivery, agent: Agent, closing: AbortSignal): Promise<void> {
	if (!isLoopback(delivery.url)) {
		delivery.answer = 'Not sent: this local Kling calls loopback addresses only';
		return;
	}
	try {
		const answer = await axios.post<string>(delivery.url, delivery.body, {
			headers: delivery.headers,
			httpAgent: agent,
			maxRedirects: 0,
			proxy: false,
			responseType: 'text',
			signal: closing,
			timeout: DELIVERY_TIMEOUT_MS,
			transformRequest: (body: string) => body,
			validateStatus: () => true,
		});
		delivery.status = answer.status;
		delivery.answer = answer.data;
	} catch (error) {
		delivery.answer = error instanceof Error ? error.message : String(error);
	} finally {
		delivery.ms = Date.now() - delivery.at;
	}
}

/** 18 digits, as in the documentation's examples. */
function messageId(): string {
	return `9${String(randomInt(10 ** 8)).padStart(8, '0')}${String(randomInt(10 ** 9)).padStart(9, '0')}`;
}
