import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isUsableExternalId } from '../../../shared/client/externalId';
import { prepareImage, type PreparedImage } from '../../../shared/input/image';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { readUrl } from '../../../shared/input/url';
import type { Run } from '../../../shared/run/operation';

/** What one item asks for, checked. */
export interface CreateInput {
	image: PreparedImage;
	/** Empty if not given. */
	callback_url: string;
	/** The user's own; empty if not given. */
	external_task_id: string;
	ifExternalIdExists: 'reuse' | 'error';
	reuseTaskOnRetry: boolean;
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
	{
		displayName: 'Check Image URL',
		name: 'checkImageUrl',
		type: 'boolean',
		default: false,
		displayOptions: { show: { '/imageSource': ['url'] } },
		description:
			'Whether n8n reads the first 256 kB of the image within 5 seconds, and checks type, dimensions and size before the create. An image that n8n cannot read is sent unchecked, with a hint. Off: Kling checks it after the create, and a task that fails then may have been charged.',
	},
	{
		displayName: 'External Task ID',
		name: 'externalTaskId',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description:
			'An ID from your own data, unique in your Kling account, for example an article number. It also prevents double charges between executions: when you run the workflow again, and with Executions → Retry. Without it the node makes an ID that holds within one execution.',
	},
	{
		displayName: 'If External ID Exists',
		name: 'ifExternalIdExists',
		type: 'options',
		displayOptions: { show: { externalTaskId: [{ _cnd: { exists: true } }] } },
		options: [
			{
				name: 'Reuse Its Task',
				value: 'reuse',
				description: 'Output the task that already has this ID, at no cost',
			},
			{ name: 'Throw an Error', value: 'error', description: 'Nothing is created or charged' },
		],
		default: 'reuse',
		description: 'What to do when a task with your External Task ID already exists',
	},
	{
		displayName: 'Reuse Task on Retry',
		name: 'reuseTaskOnRetry',
		type: 'boolean',
		default: true,
		description:
			'Whether a retry within one execution (Retry On Fail, or a lost answer) outputs the task of the first try instead of paying again. Off: each try may be charged.',
	},
];

/**
 * @param resumeUrl with a pause, what Kling is to call instead of the user's Callback URL
 * @throws NodeOperationError before any request to Kling
 */
export async function readCreateInput(
	{ context, kling, signal }: Pick<Run, 'context' | 'kling' | 'signal'>,
	itemIndex: number,
	resumeUrl: string | undefined,
): Promise<CreateInput> {
	const options = context.getNodeParameter('options', itemIndex, {});
	const given = readText(context, 'Callback URL', options.callbackUrl);
	const { isLocal } = kling;
	const callback_url =
		given &&
		readUrl(context, {
			label: 'Callback URL',
			value: given,
			protocols: ['https:'],
			isLocal,
		});
	return {
		callback_url: resumeUrl ?? callback_url,
		external_task_id: readExternalId(context, options.externalTaskId),
		ifExternalIdExists: options.ifExternalIdExists === 'error' ? 'error' : 'reuse',
		reuseTaskOnRetry: options.reuseTaskOnRetry !== false,
		image: await prepareImage(context, itemIndex, {
			isLocal,
			signal,
			checkImageUrl: options.checkImageUrl === true,
		}),
	};
}

function readExternalId(context: IExecuteFunctions, value: unknown): string {
	const id = readText(context, 'External Task ID', value);
	if (isUsableExternalId(id)) return id;
	throw parameterError(
		context,
		'External Task ID',
		`cannot be sent: ${quoted(id)}`,
		'Use text such as order-1042: not only dots, and no half of a Unicode pair.',
	);
}

function readText(context: IExecuteFunctions, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string' && typeof value !== 'number')
		throw parameterError(context, label, `must be text, got ${quoted(value)}`, 'Enter text.');
	return String(value).trim();
}
