import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

/** What an operation does in one run; the work on the items goes on side by side. */
export interface Work {
	/** One item's work: the items that come out of it, without `pairedItem`. */
	onItem: (itemIndex: number) => Promise<INodeExecutionData[]>;
	/** After the first error, where the user did not choose to continue: nothing more is begun, and waits end. */
	stop?: (error: Error) => void;
	/** After the last item, without an error: the items that the run puts out, in the order of the input. */
	finish?: (items: INodeExecutionData[]) => INodeExecutionData[] | Promise<INodeExecutionData[]>;
	/** What was paid for all the same, to stand behind the error that ends the run. */
	report?: () => string;
}

export interface Operation {
	/** The menu entry; its `value` is the operation's name. */
	entry: INodePropertyOptions;
	/** Shown for this operation alone. */
	fields: INodeProperties[];
	/** Reads what holds for the whole run, from item 0. */
	start(context: IExecuteFunctions): Work | Promise<Work>;
}
