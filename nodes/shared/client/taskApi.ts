import type { IDataObject } from 'n8n-workflow';
import { codeOf, type KlingFailure, type Result } from '../transport/failure';
import type { KlingResponse } from '../transport/envelope';
import { sendOnce, sendRead, type Connection } from '../transport/request';
import { hasExternalId, readTask, type KlingTask, type TaskReference } from './task';

/** An image of 10 MB is 13.4 MB of base64, and Kling may fetch a URL before it answers. */
const CREATE_TIMEOUT_MS = 120_000;
const READ_TIMEOUT_MS = 30_000;

/** Limits of Kling's List. */
export const MAX_PAGE_SIZE = 500;
export const MAX_PAGE_NUMBER = 1000;

export interface Page {
	/** 1 to {@link MAX_PAGE_NUMBER} */
	pageNum: number;
	/** 1 to {@link MAX_PAGE_SIZE} */
	pageSize: number;
}

/** The body of a create, as Kling spells it. */
export interface CreateBody extends IDataObject {
	external_task_id?: string;
	callback_url?: string;
}

/** What Kling offers for one kind of task. Requests that change nothing are retried, unless their name says Once. */
export interface TaskApi {
	/** May cost money: sent once and never again. */
	createOnce: (body: CreateBody) => Promise<Result<KlingTask>>;
	/** @param id a task id or an external task id */
	get: (id: string) => Promise<Result<KlingTask>>;
	/** For loops that read again by themselves. */
	getOnce: (id: string, timeoutMs: number) => Promise<Result<KlingTask>>;
	/** Kling reports no total: a page shorter than `pageSize` is the last one. */
	list: (page: Page) => Promise<Result<KlingTask[]>>;
	listOnce: (page: Page, timeoutMs: number) => Promise<Result<KlingTask[]>>;
}

/** @param path of the endpoint, without a slash at the end */
export function taskApi(connection: Connection, path: string): TaskApi {
	const one = (id: string, timeoutMs: number) =>
		({ method: 'GET', path: `${path}/${encodeURIComponent(id)}`, timeoutMs }) as const;
	const many = ({ pageNum, pageSize }: Page, timeoutMs: number) =>
		({ method: 'GET', path, query: { pageNum, pageSize }, timeoutMs }) as const;
	return {
		createOnce: async (body) =>
			readOne(
				await sendOnce(connection, { method: 'POST', path, body, timeoutMs: CREATE_TIMEOUT_MS }),
			),
		get: async (id) => readOne(await sendRead(connection, one(id, READ_TIMEOUT_MS))),
		getOnce: async (id, timeoutMs) => readOne(await sendOnce(connection, one(id, timeoutMs))),
		list: async (page) => readMany(await sendRead(connection, many(page, READ_TIMEOUT_MS))),
		listOnce: async (page, timeoutMs) =>
			readMany(await sendOnce(connection, many(page, timeoutMs))),
	};
}

/** Kling reads a task id where it expects an external id, too: then the task that was asked for is unknown. */
export async function getTask(
	api: TaskApi,
	{ id, isExternal }: TaskReference,
): Promise<Result<KlingTask>> {
	const result = await api.get(id);
	const isOther = 'value' in result && isExternal === true && !hasExternalId(result.value, id);
	if (!isOther) return result;
	const message = `Task not found by external id: ${id}`;
	return { failure: { kind: 'code', code: 1201, message } };
}

/** Kling has no code of its own for it: 1201 stands for any invalid value. */
export function isUnknownTask(failure: KlingFailure): boolean {
	const code = codeOf(failure);
	return code === 1201 || code === 1203;
}

function readOne(answer: KlingResponse): Result<KlingTask> {
	if ('failure' in answer) return answer;
	const task = readTask(answer.data);
	if (task) return { value: task };
	return notUnderstood(answer.data === undefined ? 'noData' : 'notATask', answer);
}

function readMany(answer: KlingResponse): Result<KlingTask[]> {
	if ('failure' in answer) return answer;
	if (answer.data === undefined) return notUnderstood('noData', answer);
	if (!Array.isArray(answer.data)) return notUnderstood('notAList', answer);
	const tasks = answer.data.map(readTask);
	return tasks.every((task) => task !== undefined)
		? { value: tasks }
		: notUnderstood('notATask', answer);
}

function notUnderstood(
	reason: 'noData' | 'notATask' | 'notAList',
	{ requestId }: { requestId?: string },
): { failure: KlingFailure } {
	return { failure: { kind: 'unreadable', reason, ...(requestId && { requestId }) } };
}
