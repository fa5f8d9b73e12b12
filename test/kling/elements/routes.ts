import type { AnswerOf } from '../answers';
import { decode, getTask, listTasks } from '../queries';
import { successReply, type Reply } from '../reply';
import type { ElementOperation } from '../requests';
import { elementTaskAnswer } from './answers';
import { createElement, type ElementContext } from './create';
import { deleteElement } from './delete';
import { elementIdIn, withNumberIds } from './digits';

const ENDPOINT = '/v1/general/advanced-custom-elements';
const PRESETS = '/v1/general/advanced-presets-elements';
/** Both act on one library. */
const DELETE = ['/v1/general/delete-elements', '/v1/general/delete-advanced-elements'];

export function elementOperationOf(method: string, path: string): ElementOperation | undefined {
	if (method === 'POST' && path === ENDPOINT) return 'createElement';
	if (method === 'POST' && DELETE.includes(path)) return 'deleteElement';
	if (method !== 'GET') return undefined;
	if (path === ENDPOINT) return 'listElements';
	if (path === PRESETS) return 'listPresets';
	return idIn(path) === '' ? undefined : 'getElement';
}

export const isElementPath = (path: string): boolean =>
	[ENDPOINT, PRESETS, ...DELETE].includes(path) || idIn(path) !== '';

/** Ids of the task and the element that a request is about, as far as they are known before it is answered. */
export function elementIdsOf(
	{ elements }: Pick<ElementContext, 'elements'>,
	operation: ElementOperation,
	path: string,
	text: string,
): string[] {
	const asked = askedId(operation, path, text);
	const { tasks } = elements;
	const task_id = elements.find(asked)?.task_id ?? asked;
	const task = tasks.find(task_id) ?? tasks.findExternal(asked);
	return task ? [asked, task.task_id, task.external_task_id ?? ''] : [asked];
}

function askedId(operation: ElementOperation, path: string, text: string): string {
	try {
		if (operation === 'deleteElement') return elementIdIn(text);
		if (operation === 'getElement') return decode(idIn(path));
		const body = JSON.parse(text) as { external_task_id?: unknown };
		return String(body.external_task_id ?? '');
	} catch {
		return '';
	}
}

export async function elementReply(
	context: ElementContext,
	operation: ElementOperation,
	address: URL,
	text: string,
): Promise<Reply> {
	const reply = successReply(await elementData(context, operation, address, text));
	return { ...reply, body: Buffer.from(withNumberIds(reply.body.toString())) };
}

async function elementData(
	context: ElementContext,
	operation: ElementOperation,
	{ pathname, searchParams }: URL,
	text: string,
): Promise<object | undefined> {
	const { world, elements } = context;
	const answerOf: AnswerOf = (task, moment) => elementTaskAnswer(world, elements, task, moment);
	switch (operation) {
		case 'createElement':
			return await createElement(context, text);
		case 'deleteElement':
			return deleteElement(world, elements, text);
		case 'getElement':
			return getTask(world, elements.tasks, idIn(pathname), answerOf);
		case 'listPresets':
			return listTasks(world, elements.presetTasks.all, searchParams, answerOf);
		case 'listElements': {
			const hidden = world.switches.deletedElements === 'hidden';
			const isListed = ({ task_id }: { task_id: string }) =>
				!hidden || elements.ofTask(task_id)?.status !== 'deleted';
			return listTasks(world, elements.tasks.all.filter(isListed), searchParams, answerOf);
		}
	}
}

/** '' unless the path is the endpoint's with one more part. */
function idIn(path: string): string {
	if (!path.startsWith(`${ENDPOINT}/`)) return '';
	return /^[^/]+$/.exec(path.slice(ENDPOINT.length + 1))?.[0] ?? '';
}
