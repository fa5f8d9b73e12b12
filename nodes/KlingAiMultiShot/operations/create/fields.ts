import type { INodeProperties } from 'n8n-workflow';

export const priceNotice: INodeProperties = {
	displayName:
		'Each task costs one charge: 20 image units (about $0.07). To run the workflow again without new charges, set an <b>External Task ID</b> in the Options.',
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
