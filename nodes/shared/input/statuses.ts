import type { INodePropertyOptions } from 'n8n-workflow';

export const statusOptions: INodePropertyOptions[] = [
	{ name: 'Failed', value: 'failed' },
	{ name: 'Processing', value: 'processing' },
	{ name: 'Submitted', value: 'submitted' },
	{ name: 'Succeeded', value: 'succeed' },
];
