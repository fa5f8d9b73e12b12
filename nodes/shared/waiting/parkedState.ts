import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';
import { deepCopy } from 'n8n-workflow';
import { isObject } from '../lib/values';

/**
 * What is parked outlives updates of this package. Raise this with any change of its shape, and describe it in
 * docs/reference.md, "What is stored". Version 1, of package 0.1.0, named no version and output no files after a pause.
 */
export const STATE_VERSION = 2;

const FILES_SINCE_VERSION = 2;

/** After the execution's resume URL, so that a late callback wakes no other node's wait. Static: n8n compares it. */
export const RESUME_PATH = 'kling-ai-multi-shot';

const PAUSED_ITEMS = 'pausedItems';
const PAUSED_VERSION = 'pausedVersion';

/** What the execution was parked with, as webhook() sees it: the state of the wait. */
export const parkedStateFields: INodeProperties[] = [
	{
		displayName: 'Paused Items',
		name: PAUSED_ITEMS,
		type: 'hidden',
		// With the workflow setting binaryMode: combined, expressions see what is in `json` alone.
		default: '={{ $input.all().map((item) => (item.pairedItem && item.json) || item) }}',
	},
	{
		displayName: 'Paused Version',
		name: PAUSED_VERSION,
		type: 'hidden',
		// Version 1 could not be woken with that setting, so that only later ones count there.
		default: '={{ $input.first()?.pairedItem ? ($input.first().pairedItem.version ?? 1) : 2 }}',
	},
];

export interface ParkedState {
	items: IDataObject[];
	/** Whether the wait promised files, and not tasks alone. */
	hasFiles: boolean;
}

/**
 * The items as n8n is to store them: copies, since n8n empties and changes what a node returns. The version is kept in
 * `pairedItem`, which n8n writes again when it outputs the items at the deadline. A key of its own beside `json` would
 * reach later nodes, and n8n's Code node refuses keys that it does not know.
 */
export function parkedItems(items: INodeExecutionData[]): INodeExecutionData[] {
	return items.map(({ json, ...others }, item) => {
		const pairedItem = { item, version: STATE_VERSION };
		return { ...others, json: deepCopy(json), pairedItem };
	});
}

export function readParkedState(context: IWebhookFunctions): ParkedState {
	const items: unknown = context.getNodeParameter(PAUSED_ITEMS, []);
	const version: unknown = context.getNodeParameter(PAUSED_VERSION, 1);
	return {
		items: Array.isArray(items) ? items.filter(isObject).map((item) => item as IDataObject) : [],
		hasFiles: typeof version === 'number' && version >= FILES_SINCE_VERSION,
	};
}
