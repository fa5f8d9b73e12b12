import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { DOWNLOAD_LIMITS } from './download';

export const DOWNLOADS_CONCURRENCY = 3;

/** @param isOn the default. Off for the trigger, which would have to respond to Kling before n8n has stored the execution. */
export function downloadImagesField(isOn: boolean): INodeProperties {
	return { ...downloadImages, default: isOn };
}

const downloadImages: INodeProperties = {
	displayName: 'Download Images',
	name: 'downloadImages',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description: `Whether to also output the images as files (binary data), at most ${DOWNLOAD_LIMITS.maxMb} MB each. An image that cannot be downloaded keeps its URL and says why.`,
};

/** @param choice the default */
export function imageOutputField(choice: 'images' | 'task'): INodeProperties {
	return {
		displayName: 'Output',
		name: 'output',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'One Item per Image',
				value: 'images',
				description:
					'One item for each view, with its URL, set and view, and the file in "data". A task without images gives one item.',
			},
			{
				name: 'One Item per Task',
				value: 'task',
				description:
					"Kling's task with all URLs in image_urls; the files are in image_1_1 to image_3_3",
			},
		],
		default: choice,
		description: 'Whether the images of a task are output one by one or together',
	};
}

/** An entry of `options`. */
export const outputBinaryPrefix: INodeProperties = {
	displayName: 'Output Binary Prefix',
	name: 'outputBinaryPrefix',
	type: 'string',
	default: 'image_',
	placeholder: 'e.g. image_',
	description:
		'What the names of the binary fields begin with. Set and view follow, both from 1: image_1_1 to image_3_3.',
};

/** Shown where files are output together. */
export const prefixWithOutput: INodeProperties[] = updateDisplayOptions(
	{ show: { '/downloadImages': [true], '/output': ['task'] } },
	[outputBinaryPrefix],
);
