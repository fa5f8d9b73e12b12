import type { INodeProperties } from 'n8n-workflow';

export const PAUSED_ITEMS = 'pausedItems';

/** What the execution was parked with, as webhook() sees it: the state of the wait. */
export const pausedItemsField: INodeProperties = {
	displayName: 'Paused Items',
	name: PAUSED_ITEMS,
	type: 'hidden',
	default: '={{ $input.all().map((item) => item.json) }}',
};
