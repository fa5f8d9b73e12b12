import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isUsableExternalId } from '../../../shared/client/externalId';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { preparePicture, type GivePicture } from '../../../shared/input/image';
import { readUrl } from '../../../shared/input/url';

/** What one item asks for, checked. */
export interface CreateInput {
	givePicture: GivePicture;
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
			'Whether n8n reads the first 256 kB of the picture at Image URL, within 5 seconds, and checks type, size and length before paying. Off: Kling checks after the create, and a task that fails then may have been charged.',
	},
	{
		displayName: 'External Task ID',
		name: 'externalTaskId',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description:
			'An ID from your own data, unique in your Kling account, for example an article number. It protects against paying twice across executions too: for a workflow that is run again, and for Executions → Retry. Without it the node makes an ID that protects within one execution.',
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
				description: 'Put out the task that has this ID already, at no cost',
			},
			{ name: 'Throw an Error', value: 'error', description: 'Nothing is made or paid' },
		],
		default: 'reuse',
		description: 'What to do when a task with your External Task ID exists already',
	},
	{
		displayName: 'Reuse Task on Retry',
		name: 'reuseTaskOnRetry',
		type: 'boolean',
		default: true,
		description:
			'Whether a retry within one execution (Retry On Fail, or an answer that was lost) puts out the task that the first try has made, instead of paying again. Off: each try may be charged.',
	},
];

/**
 * @param resumeUrl with a pause, what Kling is to call
 * @throws NodeOperationError before any request to Kling
 */
export async function readCreateInput(
	context: IExecuteFunctions,
	itemIndex: number,
	klingIsLocal: boolean,
	resumeUrl: string | undefined,
): Promise<CreateInput> {
	const options = context.getNodeParameter('options', itemIndex, {});
	const callbackUrl = readText(context, 'Callback URL', options.callbackUrl);
	return {
		callback_url:
			resumeUrl ??
			(callbackUrl &&
				readUrl(context, {
					label: 'Callback URL',
					value: callbackUrl,
					protocols: ['https:'],
					klingIsLocal,
				})),
		external_task_id: readExternalId(context, options.externalTaskId),
		ifExternalIdExists: options.ifExternalIdExists === 'error' ? 'error' : 'reuse',
		reuseTaskOnRetry: options.reuseTaskOnRetry !== false,
		givePicture: await preparePicture(context, itemIndex, {
			klingIsLocal,
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
		'Text such as order-1042 is expected, without half Unicode signs, and more than dots.',
	);
}

function readText(context: IExecuteFunctions, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string' && typeof value !== 'number')
		throw parameterError(context, label, `is ${quoted(value)}`, 'Text is expected.');
	return String(value).trim();
}
