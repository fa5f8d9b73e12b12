import type { INodeProperties } from 'n8n-workflow';
import { readItems, throwRefused } from '../../../shared/creating/readItems';
import { nothingChargedFor } from '../../../shared/creating/earlierCharges';
import { sharedIdError } from '../../../shared/creating/errors';
import { externalIdOptions, readExternalIdOptions } from '../../../shared/creating/options';
import type { Order } from '../../../shared/creating/order';
import { prepareImage, type PreparedImage } from '../../../shared/input/image';
import { checkImageUrl } from '../../../shared/input/imageFields';
import { readText } from '../../../shared/input/text';
import { readUrl } from '../../../shared/input/url';
import { toItemError } from '../../../shared/run/itemError';
import type { Run } from '../../../shared/run/operation';
import { TASK_WORDS } from '../../../shared/run/words';
import { digestOf } from '../../../shared/lib/values';

/** What one item asks for, checked. */
export interface CreateInput {
	order: Order;
	image: PreparedImage;
}

const callbackUrl: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/1f0c…/kling-ai-multi-shot',
	description:
		'An address that Kling calls whenever the status of the task changes, for example the Production URL of a Kling AI Multi-Shot Trigger. It must begin with https:// and be reachable from the internet.',
};

/** Entries of the operation's `options` that are read for each item. */
export const createInputOptions: INodeProperties[] = [
	// Twice: the editor keeps a Wait Mode that was chosen before Wait for Completion was turned off.
	{ ...callbackUrl, displayOptions: { show: { '/waitForCompletion': [false] } } },
	{
		...callbackUrl,
		displayOptions: { show: { '/waitForCompletion': [true], '/waitMode': ['poll'] } },
	},
	checkImageUrl,
	...externalIdOptions(
		'order-1042',
		'Without it, the node generates an ID that is valid within one execution.',
	),
];

/**
 * All items, before anything is sent.
 * @param resumeUrl with a pause, what Kling is to call instead of the user's Callback URL
 * @throws NodeOperationError for the first item that is refused, unless the user chose to continue
 */
export async function readCreateInputs(
	run: Run,
	resumeUrl: string | undefined,
): Promise<Array<CreateInput | Error>> {
	const read = await readItems(
		run,
		TASK_WORDS,
		async (itemIndex) => await readInput(run, itemIndex, resumeUrl),
	);
	const inputs = await refuseSharedIds(run, read);
	throwRefused(run, inputs);
	return inputs;
}

async function readInput(
	{ context, kling, signal }: Run,
	itemIndex: number,
	resumeUrl: string | undefined,
): Promise<CreateInput> {
	const options = context.getNodeParameter('options', itemIndex, {});
	const given = readText(context, 'Callback URL', options.callbackUrl);
	const { isLocal } = kling;
	const own =
		given &&
		readUrl(context, {
			label: 'Callback URL',
			value: given,
			protocols: ['https:'],
			alternative:
				'a tunnel or a reverse proxy for n8n, and set WEBHOOK_URL (in n8n 3 N8N_WEBHOOK_URL) to its address',
			isLocal,
		});
	const callback_url = resumeUrl ?? own;
	const ids = readExternalIdOptions(context, itemIndex);
	const image = await prepareImage(context, itemIndex, {
		isLocal,
		signal,
		checkImageUrl: options.checkImageUrl === true,
	});
	const load = async () => ({
		element_frontal_image: await image.load(),
		...(callback_url && { callback_url }),
	});
	return { order: { ...ids, load, items: [itemIndex] }, image };
}

/** One External Task ID stands for one task: a later item with another image is refused. */
async function refuseSharedIds(
	run: Run,
	inputs: Array<CreateInput | Error>,
): Promise<Array<CreateInput | Error>> {
	const { context } = run;
	const firstOf = new Map<string, number>();
	const checked = [...inputs];
	for (const [itemIndex, input] of inputs.entries()) {
		if (input instanceof Error || input.order.external_task_id === '') continue;
		const { external_task_id } = input.order;
		const first = firstOf.get(external_task_id);
		if (first === undefined) {
			firstOf.set(external_task_id, itemIndex);
			continue;
		}
		const other = inputs[first];
		if (!other || other instanceof Error) continue;
		const isSame = await isSameImage(input, other).catch((error: unknown) => error as Error);
		if (isSame === true) continue;
		const charge = nothingChargedFor(run, TASK_WORDS, itemIndex);
		const shared = { external_task_id, of: 'image', first };
		const error = isSame || sharedIdError(context, TASK_WORDS, shared, charge);
		checked[itemIndex] = toItemError(context, error, itemIndex);
	}
	return checked;
}

async function isSameImage(one: CreateInput, other: CreateInput): Promise<boolean> {
	return digestOf(await one.image.load()) === digestOf(await other.image.load());
}
