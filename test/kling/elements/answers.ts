import { taskAnswer } from '../answers';
import type { Moment, Task } from '../tasks';
import type { World } from '../world';
import { TAGS } from './body';
import type { Element, ElementLibrary } from './library';

/** A task that makes an element; `element_id` is still text, see digits.ts. */
export function elementTaskAnswer(
	world: World,
	library: Pick<ElementLibrary, 'ofTask'>,
	task: Task,
	moment: Moment,
): object {
	const element = library.ofTask(task.task_id);
	const elements = element ? [elementAnswer(world, element)] : [];
	const product = {
		result: () => ({ elements }),
		units: world.switches.elementUnits,
		listPrice: '0',
	};
	return taskAnswer(world, task, moment, product);
}

export function elementAnswer({ switches }: World, element: Element): object {
	const { element_voice_id: voice_id, tags } = element;
	return {
		element_id: element.element_id,
		element_name: element.element_name,
		element_description: element.element_description,
		reference_type: element.reference_type,
		element_image_list: element.element_image_list,
		element_voice_info: voice_id === undefined ? {} : { voice_id },
		tag_list: tags.map((id) =>
			switches.elementTags === 'tag_id' ? { tag_id: id } : { id, name: TAGS[id] },
		),
		owned_by: element.owned_by,
		status: element.status,
	};
}
