import type { IDataObject } from 'n8n-workflow';
import type { KlingAnswer, KlingFailure } from '../transport/envelope';
import type { KlingContext } from '../transport/context';
import { sendOnce } from '../transport/request';
import { sendRead } from '../transport/send';
import { readTask, type KlingTask } from './task';

const PATH = '/v1/general/ai-multi-shot';

/** A picture of 10 MB is 13.4 MB of base64, and Kling may fetch a URL before it answers. */
const CREATE_TIMEOUT_MS = 120_000;
const READ_TIMEOUT_MS = 30_000;

/** Limits of Kling's List. */
export const MAX_PAGE_SIZE = 500;
export const MAX_PAGE_NUMBER = 1000;

/** The body of Create, as Kling spells it. */
export interface CreateBody extends IDataObject {
	/** A URL, or base64 without a `data:` prefix. */
	element_frontal_image: string;
	callback_url?: string;
	external_task_id?: string;
}

export type Result<Value> = { value: Value } | { failure: KlingFailure };

/** Costs money. Sent once and never again. */
export async function createTask(
	context: KlingContext,
	body: CreateBody,
): Promise<Result<KlingTask>> {
	const request = { method: 'POST', path: PATH, body, timeoutMs: CREATE_TIMEOUT_MS } as const;
	return readOne(await sendOnce(context, request));
}

/** @param id the task id, or the external task id */
export async function getTask(context: KlingContext, id: string): Promise<Result<KlingTask>> {
	return readOne(await sendRead(context, getRequest(id, READ_TIMEOUT_MS)));
}

/** One look, for those who look again by themselves. */
export async function lookAtTask(
	context: KlingContext,
	id: string,
	timeoutMs: number,
): Promise<Result<KlingTask>> {
	return readOne(await sendOnce(context, getRequest(id, timeoutMs)));
}

function getRequest(id: string, timeoutMs: number) {
	return { method: 'GET', path: `${PATH}/${encodeURIComponent(id)}`, timeoutMs } as const;
}

/**
 * Newest first. Kling reports no total: a page shorter than `pageSize` is the last one.
 * @param pageNum 1 to {@link MAX_PAGE_NUMBER}
 * @param pageSize 1 to {@link MAX_PAGE_SIZE}
 * @param options.once for those who look again by themselves
 */
export async function listTasks(
	context: KlingContext,
	pageNum: number,
	pageSize: number,
	{ once = false, timeoutMs = READ_TIMEOUT_MS } = {},
): Promise<Result<KlingTask[]>> {
	const query = { pageNum, pageSize };
	const request = { method: 'GET', path: PATH, query, timeoutMs } as const;
	const answer = await (once ? sendOnce : sendRead)(context, request);
	if ('failure' in answer) return answer;
	if (!Array.isArray(answer.data)) return notUnderstood('The list of tasks is not a list', answer);
	const tasks = answer.data.map(readTask);
	return tasks.every((task) => task !== undefined)
		? { value: tasks }
		: notUnderstood('The list of tasks holds something else', answer);
}

/** Kling has no code of its own for it: 1201 stands for any invalid value. */
export function isUnknownTask(failure: KlingFailure): boolean {
	return failure.code === 1201 || failure.code === 1203;
}

function readOne(answer: KlingAnswer): Result<KlingTask> {
	if ('failure' in answer) return answer;
	const task = readTask(answer.data);
	return task ? { value: task } : notUnderstood('The answer holds no task', answer);
}

function notUnderstood(message: string, { requestId }: { requestId?: string }) {
	const failure: KlingFailure = { kind: 'unreadable', message };
	return { failure: requestId ? { ...failure, requestId } : failure };
}
