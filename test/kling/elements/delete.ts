import { KlingError } from '../errors';
import type { World } from '../world';
import { elementAnswer } from './answers';
import { elementIdIn } from './digits';
import type { ElementLibrary } from './library';

/** POST: `data` of the answer, undefined for an answer without, or a KlingError. */
export function deleteElement(
	world: World,
	library: ElementLibrary,
	text: string,
): object | undefined {
	const id = elementIdIn(text);
	const element = library.find(id);
	if (!element) throw new KlingError(1201, `Element not found: ${id}`);
	if (element.owned_by === 'kling') {
		throw new KlingError(1201, `Element ${id} is owned by kling and cannot be deleted`);
	}
	if (element.status === 'deleted' && world.switches.deletedAgain === 'refused') {
		throw new KlingError(1201, `Element ${id} already be deleted`);
	}
	element.status = 'deleted';
	return world.switches.deleteAnswer === 'element' ? elementAnswer(world, element) : undefined;
}
