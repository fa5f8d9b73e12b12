import type { IncomingMessage } from 'node:http';
import { multiShotAnswer, type AnswerOf } from './answers';
import { authenticate } from './auth';
import { createTask, type CreateContext } from './create';
import type { ElementContext } from './elements/create';
import { elementIdsOf, elementOperationOf, elementReply, isElementPath } from './elements/routes';
import { KlingError } from './errors';
import { viewReply } from './viewUrls';
import { decode, getTask, listTasks } from './queries';
import { errorReply, successReply, textReply, type Reply } from './reply';
import type { ElementOperation, Operation, RecordedRequest } from './requests';
import type { ViewMaker } from './views';

const ENDPOINT = '/v1/general/ai-multi-shot';

export interface RouteContext extends CreateContext, ElementContext {
	makeView: ViewMaker;
}

export function operationOf(method: string, path: string): Operation {
	const reads = method === 'GET' || method === 'HEAD';
	if (reads && path.startsWith('/views/')) return 'view';
	if (reads && path.startsWith('/files/')) return 'file';
	if (path === ENDPOINT && method === 'POST') return 'create';
	if (path === ENDPOINT && method === 'GET') return 'list';
	if (idIn(path) !== undefined && method === 'GET') return 'get';
	return elementOperationOf(method, path) ?? 'unknown';
}

/** Ids of the task that a request is about, as far as they can be told before it is worked. */
export function idsOf(
	context: RouteContext,
	operation: Operation,
	path: string,
	{ body, text = '' }: Pick<RecordedRequest, 'body' | 'text'>,
): string[] {
	if (isElementOperation(operation)) return elementIdsOf(context, operation, path, text);
	if (operation === 'create') {
		const id = (body as { external_task_id?: unknown } | undefined)?.external_task_id;
		return typeof id === 'string' ? [id] : [];
	}
	const encoded = (operation === 'view' ? path.split('/')[2] : idIn(path)) ?? '';
	const id = safelyDecoded(encoded);
	const task = context.tasks.find(id) ?? context.tasks.findExternal(id);
	return task ? [task.task_id, task.external_task_id ?? '', id] : [id];
}

function isElementOperation(operation: Operation): operation is ElementOperation {
	return operation.includes('Element') || operation === 'listPresets';
}

function safelyDecoded(encoded: string): string {
	try {
		return decode(encoded);
	} catch {
		return encoded;
	}
}

/** undefined unless the path is the endpoint's with one more part. */
function idIn(path: string): string | undefined {
	return path.startsWith(`${ENDPOINT}/`)
		? /^[^/]+$/.exec(path.slice(ENDPOINT.length + 1))?.[0]
		: undefined;
}

export async function route(
	context: RouteContext,
	operation: Operation,
	address: URL,
	request: Pick<IncomingMessage, 'method' | 'headers'>,
	body: string,
): Promise<Reply> {
	const { world, tasks, files, makeView } = context;
	const { authorization, range } = request.headers;
	try {
		if (operation === 'file') return await files.reply(address.pathname, range, authorization);
		if (operation === 'view') {
			return await viewReply(world, makeView, address, authorization, (id) => tasks.find(id));
		}
		authenticate(world, authorization);
		if (request.method === 'POST' && operation !== 'unknown')
			checkContentType(request.headers['content-type']);
		if (isElementOperation(operation)) {
			return await elementReply(context, operation, address, body);
		}
		if (operation === 'create') return successReply(await createTask(context, body));
		const answerOf: AnswerOf = (task, moment) => multiShotAnswer(world, task, moment);
		const { pathname, searchParams } = address;
		if (operation === 'list') {
			return successReply(listTasks(world, tasks.all, searchParams, answerOf));
		}
		const id = idIn(pathname);
		if (operation === 'get') return successReply(getTask(world, tasks, id ?? '', answerOf));
		const isKnown = id !== undefined || pathname === ENDPOINT || isElementPath(pathname);
		throw new KlingError(isKnown ? 1202 : 1203);
	} catch (error) {
		if (error instanceof KlingError) return errorReply(error, world.switches);
		// An image that cannot be decoded, or a mistake in here: no answer of Kling's.
		return textReply(500, error instanceof Error ? (error.stack ?? error.message) : String(error));
	}
}

function checkContentType(type = ''): void {
	if (!type.startsWith('application/json')) throw new KlingError(1200, `Content-Type: ${type}`);
}
