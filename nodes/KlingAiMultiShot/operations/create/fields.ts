import type { INodeProperties } from 'n8n-workflow';

export const priceNotice: INodeProperties = {
	displayName:
		'Each task costs 20 image units (about $0.07). With an <b>External Task ID</b> in the Options, a new run is not charged again.',
	name: 'priceNotice',
	type: 'notice',
	default: '',
};

export const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description:
		'Whether to wait until Kling has finished, usually within a minute, and output the images. Off: outputs the new task at once, without images, for Wait for Task or the trigger.',
};
