import type { INodeProperties } from 'n8n-workflow';
import { optionsField } from '../../shared/input/options';
import {
	downloadImagesField,
	imageOutputField,
	prefixWithOutput,
} from '../../shared/output/outputFields';
import { statusOptions } from '../../shared/input/statuses';

export const triggerFields: INodeProperties[] = [
	{
		displayName:
			'Paste a URL from <b>Webhook URLs</b> above into <b>Callback URL</b> of Create Task. Kling must be able to reach it over HTTPS. <a href="https://github.com/kling-multi-shot/n8n-nodes-kling-multi-shot#trigger" target="_blank">More about callbacks</a>',
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
			'The task statuses that start the workflow. Callbacks with other statuses are ignored.',
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
				'Only tasks whose External Task ID begins with this text. Kling may omit the ID of a running task, which is then ignored.',
		},
		{
			displayName: 'Skip API Check When Signed',
			name: 'skipApiCheckWhenSigned',
			type: 'boolean',
			default: false,
			description:
				'Whether to output what a callback with a valid signature says, without reading the task from Kling. Needs a Webhook Secret in the credential. The callback may have no images. The task is still read if Download Images, One Item per Image or the prefix needs it.',
		},
		...prefixWithOutput,
	]),
	{
		displayName:
			'After a restart of n8n a task can start the workflow again. To prevent it, add a <b>Remove Duplicates</b> node. <a href="https://github.com/kling-multi-shot/n8n-nodes-kling-multi-shot/blob/main/docs/reference.md#the-trigger" target="_blank">Its settings</a>',
		name: 'onceNotice',
		type: 'notice',
		default: '',
	},
];
