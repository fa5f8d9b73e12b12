import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { enterExecution, leaveExecution } from '../client/execution';
import { openKling } from '../client/kling';
import { childController, openStop } from '../transport/abort';
import { park } from '../waiting/park';
import {
	errorItem,
	toItemError,
	withAdviceForTool,
	withLineBreaks,
	type NodeFailure,
} from './itemError';
import { addHint } from './hint';
import type { ItemResult, Operation, Settled, Work } from './operation';
import { withCharges } from './klingError';
import { logReport } from './logReport';

type Outcome = { itemIndex: number } & (ItemResult | { failure: NodeFailure });

/** One call of execute(): every item side by side, then what the operation does with all of them. */
export async function runOperation(
	context: IExecuteFunctions,
	operations: Operation[],
): Promise<INodeExecutionData[][]> {
	const execution = enterExecution(context.getExecutionId() ?? '');
	const stopping = openStop(context);
	const ending = childController(stopping.signal);
	try {
		const begin = async (): Promise<Work> => {
			const operation = chosenOperation(context, operations);
			try {
				const kling = await openKling(context, ending.signal);
				return await operation.start({ context, kling, signal: ending.signal, execution });
			} catch (error) {
				const charges = operation.earlierCharges?.({ context, execution }) ?? '';
				throw withCharges(toItemError(context, error, 0), charges);
			}
		};
		const runner = { context, ending, isStopped: () => stopping.signal.aborted };
		return [await runAll(runner, begin)];
	} finally {
		// Nothing of this run goes on after it.
		ending.abort(new NodeOperationError(context.getNode(), 'The run has ended'));
		stopping.close();
		leaveExecution(execution);
	}
}

interface Runner {
	context: IExecuteFunctions;
	ending: AbortController;
	isStopped: () => boolean;
}

async function runAll(runner: Runner, begin: () => Promise<Work>): Promise<INodeExecutionData[]> {
	const { context } = runner;
	const starting = begin();
	const outcomes = await Promise.all(
		context.getInputData().map(async (_item, itemIndex): Promise<Outcome> => {
			try {
				const work = await starting;
				return { ...(await work.onItem(itemIndex)), itemIndex };
			} catch (error) {
				const failure = toItemError(context, error, itemIndex);
				if (endsRun(runner)) runner.ending.abort(failure);
				return { failure, itemIndex };
			}
		}),
	);
	const work = await starting.catch(() => NO_WORK);
	await work.idle?.();
	throwIfEnded(runner, work);
	const settled = await settleOpen(runner, work, outcomes);
	const hint = work.hint?.();
	if (hint) addHint(context, hint);
	const items = joinItems(context, settled.outcomes);
	// n8n runs the node again where its first item is an error, and then drops what this try outputs.
	const isRepeated = Boolean(items[0]?.json.error) && context.getNode().retryOnFail;
	if (isRepeated && work.hasCharges?.()) logReport(context, work.report?.() ?? '');
	if (settled.parkUntil === undefined) return items;
	return await park(context, items, settled.openItems, settled.parkUntil);
}

const NO_WORK: Pick<Work, 'idle' | 'report' | 'hasCharges' | 'settle' | 'hint'> = {};

/** @throws the error that ends the run, with what was created and charged by other items */
function throwIfEnded(runner: Runner, work: Pick<Work, 'report' | 'hasCharges'>): void {
	const { context, ending } = runner;
	if (!ending.signal.aborted) return;
	const failure = toItemError(context, ending.signal.reason, 0);
	const isStopped = runner.isStopped();
	const report = work.report?.(isStopped ? undefined : itemOf(failure)) ?? '';
	withCharges(failure, report);
	// n8n drops the error of a try that is followed by another one, and of a stopped execution.
	if (work.hasCharges?.()) logReport(context, work.report?.() ?? '');
	throw withLineBreaks(context, withAdviceForTool(context, failure));
}

function itemOf({ context }: NodeFailure): number | undefined {
	return typeof context.itemIndex === 'number' ? context.itemIndex : undefined;
}

/** An item's error ends the run unless the user chose to continue. */
function endsRun({ context, isStopped }: Runner): boolean {
	return !context.continueOnFail() || isStopped();
}

/** @throws the error that ends the run */
async function settleOpen(
	runner: Runner,
	work: Pick<Work, 'settle' | 'report' | 'hasCharges'>,
	outcomes: Outcome[],
): Promise<{ outcomes: Outcome[]; openItems: INodeExecutionData[]; parkUntil?: number }> {
	const { context, ending } = runner;
	const open = outcomes.flatMap((outcome) => ('open' in outcome ? [outcome.open] : []));
	if (open.length === 0 || !work.settle) return { outcomes, openItems: [] };
	const settled = await work
		.settle(open)
		.catch((error: unknown): Settled => ({ items: open.map(() => error as Error) }));
	const left = [...settled.items];
	const openItems: INodeExecutionData[] = [];
	const done = outcomes.map((outcome): Outcome => {
		const { itemIndex } = outcome;
		const item = 'open' in outcome ? left.shift() : undefined;
		if (!item) return outcome;
		if (item instanceof Error) return { failure: toItemError(context, item, itemIndex), itemIndex };
		openItems.push({ pairedItem: { item: itemIndex }, ...item });
		return { items: [item], itemIndex };
	});
	const failed = done.find((outcome) => 'failure' in outcome);
	if (failed && 'failure' in failed && endsRun(runner)) ending.abort(failed.failure);
	throwIfEnded(runner, work);
	const { parkUntil } = settled;
	return { outcomes: done, openItems, ...(parkUntil !== undefined && { parkUntil }) };
}

/** In the order of the input; an item's `pairedItem` is its input unless the operation has set it. */
function joinItems(context: IExecuteFunctions, outcomes: Outcome[]): INodeExecutionData[] {
	return outcomes.flatMap((outcome): INodeExecutionData[] => {
		const { itemIndex } = outcome;
		if ('failure' in outcome)
			return [errorItem(context, withAdviceForTool(context, outcome.failure), itemIndex)];
		if (!('items' in outcome)) return [];
		return outcome.items.map((item) => ({ pairedItem: { item: itemIndex }, ...item }));
	});
}

/** n8n adds "Custom API Call" to the menu by itself. */
function chosenOperation(context: IExecuteFunctions, operations: Operation[]): Operation {
	const name = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ entry }) => entry.value === name);
	if (operation) return operation;
	throw new NodeOperationError(context.getNode(), `The operation "${name}" is not known`, {
		description: `Choose one of ${operations.map(({ entry }) => entry.name).join(', ')}. For other calls use the HTTP Request node with the Kling API credential.`,
	});
}
