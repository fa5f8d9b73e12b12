import type { NewTask, Task } from '../tasks';
import type { ElementFields } from './body';
import type { ElementLibrary } from './library';

export type NewElement = NewTask & Partial<ElementFields>;

const FRONT = 'https://images.example/front.png';

/** An element that no request to this Kling made. */
export function addElement(library: ElementLibrary, given: NewElement): Task {
	const {
		element_name = 'Robot',
		element_description = 'A small toy robot',
		reference_type = 'image_refer',
		element_image_list = { frontal_image: FRONT, refer_images: [{ image_url: FRONT }] },
		element_voice_id,
		tags = [],
		...task
	} = given;
	return library.add(
		{ status: 'succeed', ...task },
		{
			element_name,
			element_description,
			reference_type,
			element_image_list,
			element_voice_id,
			tags,
		},
	);
}
