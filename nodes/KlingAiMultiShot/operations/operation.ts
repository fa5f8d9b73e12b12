import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

/** One item's work: the items that come out of it, without `pairedItem`. */
export type WorkOnItem = (itemIndex: number) => Promise<INodeExecutionData[]>;

export interface Operation {
	/** The menu entry; its `value` is the operation's name. */
	entry: INodePropertyOptions;
	/** Shown for this operation alone. */
	fields: INodeProperties[];
	/** Reads what holds for the whole run, from item 0. The work on the items then goes on side by side. */
	start(context: IExecuteFunctions): WorkOnItem;
}
