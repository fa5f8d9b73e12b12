import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { KlingTask } from '../../../shared/client/task';
import { earlierOfAll, earlierTries } from '../../../shared/creating/earlierCharges';
import { startBatch, type Created } from '../../../shared/creating/batch';
import { firstItem, type Order } from '../../../shared/creating/order';
import { toolDescription } from '../../../shared/input/tool';
import { scalarText } from '../../../shared/lib/values';
import { errorItem, toItemError, withAdviceForTool } from '../../../shared/run/itemError';
import { inLines } from '../../../shared/run/klingError';
import type { Operation, Run } from '../../../shared/run/operation';
import { ELEMENT_WORDS } from '../../../shared/run/words';
import { startPolling } from '../../../shared/waiting/poll';
import { readWaitSettings } from '../../../shared/waiting/settings';
import { elementOutputs, elementsOf, isDeleted } from '../elementOutput';
import { ELEMENT_ANSWER } from '../tool';
import { createFields } from './fields';
import { readOrders } from './orders';

export const create: Operation = {
	entry: {
		name: 'Create Element',
		value: 'create',
		action: 'Create an element',
		description:
			"Create an element that Kling's image and video models keep consistent, from views or images",
	},
	fields: [
		toolDescription(
			`Creates an element of Kling: a named product or person that Kling's image and video models keep consistent. Give what the fields ask for, with the front image of the same product or person. It can take a few minutes. Calling it again for the same views gives the same element. An error says what to fix and whether anything was created. ${ELEMENT_ANSWER}`,
		),
		...createFields,
	],
	earlierCharges: (run) => earlierTries(ELEMENT_WORDS, earlierOfAll(run)),
	async start(run) {
		const { context, kling } = run;
		const waits = context.getNodeParameter('waitForCompletion', 0, true) === true;
		const settings = readWaitSettings(context, 'poll');
		const product = { words: ELEMENT_WORDS, failedIsData: false, goneError };
		const batch = startBatch(run, kling.elements, product);
		const { refused, all, byItem } = await readOrders(run);
		batch.plan(all);
		const polling = startPolling(run, kling.elements, settings, ELEMENT_WORDS);
		batch.onEnded(polling.see);

		async function outputOf(order: Order): Promise<INodeExecutionData[]> {
			const created = await batch.create(order);
			const task = waits ? await ended(created) : created.task;
			const added = created.origin === 'foreign' ? { reused: true as const } : {};
			return elementOutputs(task, added).map((json) => ({ json, ...pairedWith(order) }));
		}

		async function ended({ task, origin }: Created): Promise<KlingTask> {
			const known = { task, isNew: origin === 'new' };
			return (await polling.wait({ id: task.task_id }, known)).task;
		}

		return {
			idle: batch.idle,
			report: batch.report,
			hasCharges: batch.hasCharges,
			hint: () => [polling.hint(), batch.hint()].filter(Boolean).join('. '),
			async onItem(itemIndex) {
				const refusal = refused.get(itemIndex);
				if (refusal) throw refusal;
				return { items: await outputsOf(run, byItem.get(itemIndex) ?? [], outputOf) };
			},
		};
	},
};

/** Under Continue On Fail an element that failed is an item beside the others. @throws the first error otherwise */
async function outputsOf(
	{ context }: Run,
	orders: Order[],
	outputOf: (order: Order) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const outputs = await Promise.all(
		orders.map(async (order) => {
			try {
				return await outputOf(order);
			} catch (error) {
				const failure = toItemError(context, error, firstItem(order));
				if (!context.continueOnFail()) throw failure;
				const item = errorItem(context, withAdviceForTool(context, failure), firstItem(order));
				return [{ ...item, ...pairedWith(order) }];
			}
		}),
	);
	return outputs.flat();
}

/** A single item is paired as a plain object, as in all other operations. */
function pairedWith({ items }: Order): Pick<INodeExecutionData, 'pairedItem'> {
	const pairs = items.map((item) => ({ item }));
	const [first] = pairs;
	return { pairedItem: pairs.length === 1 && first ? first : pairs };
}

/** Of an element that was created with the same External Task ID before. @param charge what was charged */
export function goneError(
	context: IExecuteFunctions,
	task: KlingTask,
	charge: string,
): Error | undefined {
	const elements = elementsOf(task);
	if (elements.length === 0 || !elements.every(isDeleted)) return undefined;
	const ids = elements.map(({ element_id }) => scalarText(element_id)).join(', ');
	return new NodeOperationError(
		context.getNode(),
		`Task ${task.task_id} has this External Task ID, but its element ${ids} was deleted`,
		{
			description: inLines('Use another External Task ID to create a new element.', charge),
		},
	);
}
