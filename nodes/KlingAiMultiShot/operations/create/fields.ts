import type { INodeProperties } from 'n8n-workflow';

export const maxConcurrent: INodeProperties = {
	displayName: 'Max Concurrent',
	name: 'maxConcurrent',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100 },
	default: 5,
	description:
		'How many creates are sent at a time, 1 to 100. How many tasks the account can run is found out by itself; each create that is under way holds its picture in memory.',
};

export const capacityTimeout: INodeProperties = {
	displayName: 'Capacity Timeout',
	name: 'capacityTimeout',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 86_400 },
	default: 600,
	description:
		"Seconds to wait for a free slot when the account's tasks are all running, 0 to 86,400, counted from the last task that Kling accepted. Then the create ends with an error, unpaid.",
};
