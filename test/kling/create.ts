import { createdAnswer } from './answers';
import { KlingError } from './errors';
import { readInputImage } from './inputImage';
import type { Task, TaskStore } from './tasks';
import type { World } from './world';

const KEYS: ReadonlySet<string> = new Set([
	'element_frontal_image',
	'callback_url',
	'external_task_id',
]);

export interface CreateContext {
	world: World;
	tasks: TaskStore;
	/** Keeps the picture for the views. */
	sources: Map<string, Buffer>;
	/** Unix ms of the creates that passed the rate limit. */
	recentCreates: number[];
	/** The task is there: move it by itself, send its callback. */
	created(task: Task): void;
}

/** POST: `data` of the answer, or a KlingError. */
export async function createTask(context: CreateContext, text: string): Promise<object> {
	const { world, tasks } = context;
	limitRate(context);
	const body = parameters(text);
	const image = await readInputImage(body.element_frontal_image, world.switches);
	// Nothing below waits, so two creates at once cannot both find the id free.
	if (world.switches.slotsCheckedFirst) checkSlots(context);
	checkDuplicate(context, body.external_task_id);
	checkSlots(context);
	context.sources.set(image.sha256, image.bytes);
	const task = tasks.add({
		external_task_id: body.external_task_id,
		callback_url: body.callback_url,
		image: { sha256: image.sha256, bytes: image.bytes.length },
		charged: true,
		failsWith: image.tooSmall ? 'Image pixel is invalid' : undefined,
	});
	context.created(task);
	return createdAnswer(world, task);
}

interface Parameters {
	element_frontal_image: string;
	callback_url: string | undefined;
	external_task_id: string | undefined;
}

function parameters(text: string): Parameters {
	const body = parsedObject(text);
	for (const [key, value] of Object.entries(body)) {
		if (!KEYS.has(key)) throw new KlingError(1201, `Unknown key: ${key}`);
		if (typeof value !== 'string' || value === '') {
			throw new KlingError(1201, `${key} must be a string that is not empty`);
		}
	}
	const { element_frontal_image, callback_url, external_task_id } = body as Partial<Parameters>;
	if (element_frontal_image === undefined) {
		throw new KlingError(1200, 'element_frontal_image is required');
	}
	if (callback_url !== undefined && !/^https?:$/.test(protocolOf(callback_url))) {
		throw new KlingError(1201, 'callback_url is invalid');
	}
	return { element_frontal_image, callback_url, external_task_id };
}

/** Throws 1200 for anything but a JSON object. */
export function parsedObject(text: string): object {
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		throw new KlingError(1200, 'The body is not JSON');
	}
	if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
	throw new KlingError(1200, 'The body is not an object');
}

function protocolOf(address: string): string {
	return URL.canParse(address) ? new URL(address).protocol : '';
}

function limitRate({ world, recentCreates }: CreateContext): void {
	const now = world.now();
	while ((recentCreates[0] ?? now) <= now - 1000) recentCreates.shift();
	if (recentCreates.length >= world.switches.createsPerSecond) throw new KlingError(1302);
	recentCreates.push(now);
}

export function checkDuplicate(
	{ world, tasks }: Pick<CreateContext, 'world' | 'tasks'>,
	id: string | undefined,
): void {
	const { externalIdsUnique, duplicateCode, duplicateMessage } = world.switches;
	if (id === undefined || !externalIdsUnique || !tasks.findExternal(id)) return;
	throw new KlingError(
		duplicateCode,
		duplicateMessage.replace('{id}', () => id),
	);
}

function checkSlots({ world, tasks }: CreateContext): void {
	if (tasks.running() >= world.slots) throw new KlingError(1303);
}
