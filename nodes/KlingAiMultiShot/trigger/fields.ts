import type { INodeProperties } from 'n8n-workflow';
import { optionsField } from '../../shared/input/options';
import {
	downloadImagesField,
	imageOutputField,
	prefixWithOutput,
} from '../../shared/output/imageFields';
import { statusOptions } from '../../shared/input/statuses';

export const triggerFields: INodeProperties[] = [
	{
		displayName:
			'Open <b>Webhook URLs</b> above, and paste one into Create Task as its option <b>Callback URL</b>: the Test URL while you try things out, the Production URL once this workflow is published (n8n 1: active). Kling must be able to reach it from the internet: a self-hosted n8n gets a public https address by a reverse proxy or a tunnel, which is then told to n8n as <code>WEBHOOK_URL</code>. Without one, leave this trigger out and let Create Task or Wait for Task use <b>Keep Polling</b>.',
		name: 'callbackUrlNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		required: true,
		options: statusOptions,
		default: ['succeed', 'failed'],
		description:
			'The statuses of a task that start the workflow. Others are answered and left alone.',
	},
	downloadImagesField(false),
	imageOutputField('task'),
	optionsField([
		{
			displayName: 'External Task ID Prefix',
			name: 'externalTaskIdPrefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-',
			description:
				'Only tasks whose External Task ID begins with this text. Kling tells the ID of finished tasks; a running one may be without it, and is left alone then.',
		},
		{
			displayName: 'Skip API Check When Signed',
			name: 'skipApiCheckWhenSigned',
			type: 'boolean',
			default: false,
			description:
				'Whether to put out what a callback with a valid signature says, without reading the task from Kling. Needs the Webhook Secret in the credential. Callbacks were seen without pictures, so that Get Task may have to follow. The task is read all the same where images are asked for, or a prefix and the callback has no External Task ID.',
		},
		...prefixWithOutput,
	]),
	{
		displayName:
			"A task and status comes out once, however often Kling calls. This holds within one n8n process: after a restart, or where several processes take webhooks, it can come out again. A <b>Remove Duplicates</b> node behind the trigger stops that: Remove Items Processed in Previous Executions, Value to Dedupe On the expression <code>$json.task_id + ':' + $json.task_status</code>, or with one item per image <code>$json.task_id + ':' + $json.set + ':' + $json.view</code>.",
		name: 'onceNotice',
		type: 'notice',
		default: '',
	},
];
