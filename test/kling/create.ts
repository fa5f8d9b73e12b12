import { createdAnswer } from './answers';
import { checkKeys, optionalCallbackUrl, optionalText, parsedObject } from './body';
import { KlingError } from './errors';
import { readInputImage } from './inputImage';
import { claim, limitRate, type Account } from './limits';
import type { Task } from './tasks';

const KEYS: ReadonlySet<string> = new Set([
	'element_frontal_image',
	'callback_url',
	'external_task_id',
]);

export interface CreateContext extends Account {
	/** Keeps the image for the views. */
	sources: Map<string, Buffer>;
	/** The task is there: move it by itself, send its callback. */
	created(task: Task): void;
	/** In place of fetching and decoding: for a simulation without a network. */
	readImage?: typeof readInputImage;
}

/** POST: `data` of the answer, or a KlingError. */
export async function createTask(context: CreateContext, text: string): Promise<object> {
	const { world, tasks } = context;
	limitRate(context);
	const body = parameters(text);
	const image = await (context.readImage ?? readInputImage)(
		body.element_frontal_image,
		world.switches,
	);
	// Nothing below waits, so two creates at once cannot both find the id free.
	claim(context, tasks, body.external_task_id);
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
	checkKeys(body, KEYS);
	const external_task_id = optionalText(body, 'external_task_id');
	const element_frontal_image = optionalText(body, 'element_frontal_image');
	if (element_frontal_image === undefined) {
		throw new KlingError(1200, 'element_frontal_image is required');
	}
	return { element_frontal_image, callback_url: optionalCallbackUrl(body), external_task_id };
}
