import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { ExecutionMemory } from '../client/execution';
import type { Kling } from '../client/kling';
import type { KlingTask } from '../client/task';
import type { Added } from '../output/task';

/** One call of execute(), opened once. */
export interface Run {
	context: IExecuteFunctions;
	kling: Kling;
	/**
	 * Aborted by Stop, by the workflow's timeout and by the first error that ends the run, which is its reason.
	 * Everything that waits or queues listens to it.
	 */
	signal: AbortSignal;
	execution: ExecutionMemory;
}

/** A task to wait for once all items are done. */
export interface OpenTask {
	task: KlingTask;
	added: Added;
	/** Kling calls this execution back when the task ends. */
	isCalledBack: boolean;
}

/** The outcome of an item: its output, without `pairedItem`, or a task that is still to be waited for. */
export type ItemResult = { items: INodeExecutionData[] } | { open: OpenTask };

/** The outcome of the open tasks, in their order. */
export interface Settled {
	/** One for each task. */
	items: Array<INodeExecutionData | Error>;
	/** Unix milliseconds: the execution is to be parked until then. */
	parkUntil?: number;
}

/** What an operation does in one run; the work on the items goes on side by side. */
export interface Work {
	onItem: (itemIndex: number) => Promise<ItemResult>;
	/** After the last item, if any left a task open. */
	settle?: (open: OpenTask[]) => Promise<Settled>;
	/** Resolves when no create is under way: an item with several orders fails with the first one's error. */
	idle?: () => Promise<void>;
	/** What was created and charged, without the given item: follows the error that ends the run. */
	report?: (exceptItem?: number) => string;
	/** Something was created, or may have been. */
	hasCharges?: () => boolean;
	/** For the output panel, after the last item. */
	hint?: () => string | undefined;
}

export interface Operation {
	/** The menu entry; its `value` is the operation's name. */
	entry: INodePropertyOptions;
	/** Shown for this operation alone. */
	fields: INodeProperties[];
	/** Reads what holds for the whole run, from item 0. */
	start(run: Run): Work | Promise<Work>;
	/** What earlier tries of this execution have charged, for the error of a try that cannot start; empty if nothing. */
	earlierCharges?: (run: Pick<Run, 'context' | 'execution'>) => string;
}
