import { readExternalIdOptions } from '../../../shared/creating/options';
import type { Order } from '../../../shared/creating/order';
import { prepareImage, type PreparedImage } from '../../../shared/input/image';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { readTaskId } from '../../../shared/input/taskId';
import type { Run } from '../../../shared/run/operation';
import { readTags } from '../tags';
import { MAX_DESCRIPTION, MAX_NAME, numberedName, readLimited } from './limitedText';
import { readReferences } from './references';
import { readSets, type ReadTask, type ViewSet } from './readSets';

/** One element that an item asks for, checked. */
export interface ElementRequest {
	order: Order;
	/** Requests with the same key share one order. Empty: never shared. */
	key: string;
	/** The key does not identify the images, so requests are compared by content. */
	isFromImages: boolean;
	/** The id is not the user's: it names task and set. */
	hasDefaultId: boolean;
	/** What Check Image URL could not check. */
	hint?: string | undefined;
}

type Ids = Pick<Order, 'external_task_id' | 'ifExternalIdExists' | 'reuseTaskOnRetry'>;

/** What all elements of one item share. */
interface Shared {
	itemIndex: number;
	name: string;
	description: string;
	tags: string[];
	image: PreparedImage;
	ids: Ids;
}

/** @throws NodeOperationError, before anything is created */
export async function readRequests(
	run: Run,
	itemIndex: number,
	readTask: ReadTask,
): Promise<ElementRequest[]> {
	const { context, kling, signal } = run;
	const { isLocal } = kling;
	const from: unknown = context.getNodeParameter('from', itemIndex);
	if (from !== 'views' && from !== 'images')
		throw parameterError(context, 'From', `is ${quoted(from)}`, 'Use views or images.');
	const options = context.getNodeParameter('options', itemIndex, {});
	const name = { name: 'elementName', label: 'Name', max: MAX_NAME };
	const description = { name: 'elementDescription', label: 'Description', max: MAX_DESCRIPTION };
	const reference = from === 'views' ? readTaskId(context, itemIndex) : undefined;
	const shared: Shared = {
		itemIndex,
		name: readLimited(context, itemIndex, name),
		description: readLimited(context, itemIndex, description),
		tags: readTags(context, itemIndex),
		ids: readExternalIdOptions(context, itemIndex),
		image: await prepareImage(context, itemIndex, {
			isLocal,
			signal,
			checkImageUrl: options.checkImageUrl === true,
		}),
	};
	if (!reference) return [fromImages(shared, await readReferences(context, itemIndex, isLocal))];
	const { task_id, isAll, sets } = await readSets(run, itemIndex, reference, readTask);
	return sets.map((set) => fromViews(shared, task_id, set, isAll));
}

function fromImages(shared: Shared, references: () => Promise<string[]>): ElementRequest {
	const { ids, itemIndex, image } = shared;
	const load = async () => await bodyOf(shared, shared.name, await references());
	const key = ids.external_task_id && JSON.stringify([ids.external_task_id]);
	return {
		order: { ...ids, load, items: [itemIndex] },
		key,
		isFromImages: true,
		hasDefaultId: false,
		hint: image.hint,
	};
}

function fromViews(
	shared: Shared,
	task_id: string,
	{ set, urls }: ViewSet,
	isAll: boolean,
): ElementRequest {
	const { ids, itemIndex, image } = shared;
	const own = ids.external_task_id;
	const name = isAll ? numberedName(shared.name, set) : shared.name;
	const order: Order = {
		...ids,
		external_task_id: own && isAll ? `${own}-${set}` : own || `element-${task_id}-${set}`,
		// The user gave no id, so If External ID Exists does not apply.
		ifExternalIdExists: own ? ids.ifExternalIdExists : 'reuse',
		load: async () => await bodyOf(shared, name, urls),
		items: [itemIndex],
		...(isAll && { part: `set ${set}` }),
	};
	const key = JSON.stringify([task_id, set, order.external_task_id]);
	return { order, key, isFromImages: false, hasDefaultId: own === '', hint: image.hint };
}

async function bodyOf({ description, tags, image }: Shared, name: string, references: string[]) {
	return {
		element_name: name,
		element_description: description,
		reference_type: 'image_refer',
		element_image_list: {
			frontal_image: await image.load(),
			refer_images: references.map((image_url) => ({ image_url })),
		},
		...(tags.length > 0 && { tag_list: tags.map((tag_id) => ({ tag_id })) }),
	};
}
