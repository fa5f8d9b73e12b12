import { toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import { klingError } from '../../shared/run/klingError';
import type { Operation } from '../../shared/run/operation';
import { elementIdFields, readElementId } from './elementId';

const DELETES_CONCURRENCY = 3;

export const deleteOne: Operation = {
	entry: {
		name: 'Delete Element',
		value: 'delete',
		action: 'Delete an element',
		description: 'Permanently delete an element of your account',
	},
	fields: [
		toolDescription(
			'Permanently deletes an element of the Kling account, and answers with its element_id. Give the element_id that another tool has returned. Elements that belong to Kling cannot be deleted. In the answer, already_deleted is true if the element was already gone.',
		),
		...elementIdFields,
	],
	start({ context, kling }) {
		const limited = limiter(DELETES_CONCURRENCY);
		return {
			async onItem(itemIndex) {
				const element_id = readElementId(context, itemIndex);
				const result = await limited(async () => await kling.deleteElement(element_id));
				if ('failure' in result)
					throw klingError(context, result.failure, { action: `delete element ${element_id}` });
				const already_deleted = result.value.alreadyDeleted;
				return { items: [{ json: { element_id, deleted: true, already_deleted } }] };
			},
		};
	},
};
