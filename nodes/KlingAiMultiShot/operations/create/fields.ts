import type { INodeProperties } from 'n8n-workflow';

export const priceNotice: INodeProperties = {
	displayName:
		'Each task costs one charge: 20 image units (about $0.07). Running the workflow again creates and charges new tasks, unless you set an <b>External Task ID</b> in the Options.',
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
		'Whether to wait until Kling has finished, usually within a minute, and output the images. Off: outputs the new task at once, without images, for Wait for Task or a Kling AI Multi-Shot Trigger.',
};

export const maxConcurrent: INodeProperties = {
	displayName: 'Max Concurrent',
	name: 'maxConcurrent',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100 },
	default: 5,
	description:
		"How many creates are sent at a time, 1 to 100. The node detects your account's concurrency limit by itself. Each create holds its image in memory while it is sent.",
};

export const maxNewTasks: INodeProperties = {
	displayName: 'Max New Tasks',
	name: 'maxNewTasks',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1_000_000 },
	default: 0,
	description:
		"How many new tasks this node may create in one execution, 0 for no limit. Loops and an agent's calls count together. Tasks that exist already do not count.",
};

export const capacityTimeout: INodeProperties = {
	displayName: 'Capacity Timeout (Seconds)',
	name: 'capacityTimeout',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 86_400 },
	default: 600,
	description:
		'How long to wait for a free slot while all slots of the account are taken, 0 to 86,400 seconds, counted from the last task that Kling accepted. Then the create ends with an error and is not charged.',
};
