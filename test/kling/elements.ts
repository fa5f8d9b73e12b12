import { createdAnswer, head } from './answers';
import { checkDuplicate, parsedObject } from './create';
import { KlingError } from './errors';
import { readInputImage } from './inputImage';
import { decode } from './queries';
import type { Task, TaskStore } from './tasks';
import type { World } from './world';

/** What a finished element tells again of its making. */
type ElementBody = Readonly<Record<string, unknown>>;

export interface Elements {
	readonly tasks: TaskStore;
	readonly bodies: Map<string, ElementBody>;
}

interface ElementContext {
	world: World;
	elements: Elements;
	/** The task is there: move it by itself. */
	created: (task: Task) => void;
}

const ENDPOINT = '/v1/general/advanced-custom-elements';
const LONGEST = { element_name: 20, element_description: 100 };
const TAG = /^o_10[1-8]$/;

export const isElementPath = (path: string): boolean => path === ENDPOINT || idIn(path) !== '';

/** `data` of the answer, or a KlingError. */
export async function elementAnswer(
	{ world, elements, created }: ElementContext,
	{ method, pathname }: { method: string; pathname: string },
	text: string,
): Promise<object> {
	const id = decode(idIn(pathname));
	if (method === 'POST' && id === '') return createdAnswer(world, await create());
	if (method !== 'GET') throw new KlingError(1202);
	if (id === '') return elements.tasks.all.map(told).reverse();
	const task = elements.tasks.find(id) ?? elements.tasks.findExternal(id);
	if (!task) throw new KlingError(1201, `Task not found by id/external id: ${id}`);
	return told(task);

	async function create(): Promise<Task> {
		const body = parsedObject(text) as ElementBody;
		await check(world, body);
		const external_task_id = optionalText(body, 'external_task_id');
		checkDuplicate({ world, tasks: elements.tasks }, external_task_id);
		const callback_url = optionalText(body, 'callback_url');
		const task = elements.tasks.add({ external_task_id, callback_url });
		elements.bodies.set(task.task_id, body);
		created(task);
		return task;
	}

	function told(task: Task): object {
		const { element_name, element_description } = elements.bodies.get(task.task_id) ?? {};
		const element = { element_id: elementIdOf(task), element_name, element_description };
		const task_result = task.status === 'succeed' ? { elements: [element] } : {};
		const { created_at, updated_at } = task;
		return { ...head(world, task, task), task_result, created_at, updated_at };
	}
}

/** Above 2^53. A string here, and a number on the wire: see {@link withLongIds}. */
export const elementIdOf = ({ task_id }: Task): string => task_id.replace(/^8/, '7');

/** The documented type of `element_id` is long, which JSON.stringify cannot write. */
export const withLongIds = (json: string): string =>
	json.replace(/"element_id":"(\d+)"/g, '"element_id":$1');

function idIn(path: string): string {
	return path.startsWith(`${ENDPOINT}/`) ? path.slice(ENDPOINT.length + 1) : '';
}

async function check(world: World, body: ElementBody): Promise<void> {
	for (const [name, length] of Object.entries(LONGEST)) {
		const value = body[name];
		if (typeof value !== 'string' || value === '' || value.length > length)
			throw new KlingError(1201, `${name} must be text of 1 to ${length} characters`);
	}
	if (body.reference_type !== 'image_refer')
		throw new KlingError(1201, 'reference_type is invalid');
	const { frontal_image, refer_images } = (body.element_image_list ?? {}) as {
		frontal_image?: unknown;
		refer_images?: Array<{ image_url?: unknown }>;
	};
	if (!Array.isArray(refer_images) || refer_images.length < 1 || refer_images.length > 3)
		throw new KlingError(1201, 'refer_images must be 1 to 3 images');
	// The documentation names no smallest size for an element's images.
	const rules = { ...world.switches, smallImage: 'failLater' as const };
	for (const image of [frontal_image, ...refer_images.map(({ image_url }) => image_url)]) {
		if (typeof image !== 'string') throw new KlingError(1201, 'An image is missing');
		await readInputImage(image, rules);
	}
	for (const { tag_id } of (body.tag_list ?? []) as Array<{ tag_id?: unknown }>)
		if (!TAG.test(String(tag_id))) throw new KlingError(1201, `Unknown tag: ${String(tag_id)}`);
}

function optionalText(body: ElementBody, name: string): string | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (typeof value === 'string' && value !== '') return value;
	throw new KlingError(1201, `${name} must be a string that is not empty`);
}
