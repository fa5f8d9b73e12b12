import { createdAnswer } from '../answers';
import { nameOf, type Files } from '../files';
import { readInputImage, type InputImage } from '../inputImage';
import { claim, limitRate, type Account } from '../limits';
import type { Task } from '../tasks';
import { elementParameters } from './body';

export interface ElementContext extends Account {
	files: Files;
	/** The task is there: move it by itself, send its callback. */
	created(task: Task): void;
	/** In place of fetching and decoding: for a simulation without a network. */
	readImage?: typeof readInputImage;
}

/** POST: `data` of the answer, or a KlingError. */
export async function createElement(context: ElementContext, text: string): Promise<object> {
	const { world, elements } = context;
	limitRate(context);
	const { fields, callback_url, external_task_id } = elementParameters(text);
	const { frontal_image, refer_images } = fields.element_image_list;
	const readImage = context.readImage ?? readInputImage;
	const front = await readImage(frontal_image, world.switches);
	const references: InputImage[] = [];
	for (const { image_url } of refer_images) {
		references.push(await readImage(image_url, world.switches));
	}
	// Nothing below waits, so two creates at once cannot both find the id free.
	claim(context, elements.tasks, external_task_id);
	const tooSmall = [front, ...references].some((image) => image.tooSmall);
	const urlOf = ({ bytes }: InputImage) =>
		world.baseUrl + context.files.serve(nameOf(bytes), bytes);
	const task = elements.add(
		{
			external_task_id,
			callback_url,
			image: { sha256: front.sha256, bytes: front.bytes.length },
			charged: true,
			failsWith: tooSmall ? 'Image pixel is invalid' : undefined,
		},
		{
			...fields,
			element_image_list: {
				frontal_image: urlOf(front),
				refer_images: references.map((image) => ({ image_url: urlOf(image) })),
			},
		},
	);
	context.created(task);
	return createdAnswer(world, task);
}
