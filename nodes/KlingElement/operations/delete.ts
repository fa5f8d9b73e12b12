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
		description: "Delete one of the account's own elements for good",
	},
	fields: [
		toolDescription(
			'Deletes an element of the Kling account for good, and answers with its element_id. Give the element_id that another tool has returned. Elements that belong to Kling cannot be deleted. In the answer already_deleted is true where the element was gone before.',
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
