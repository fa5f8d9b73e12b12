import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { IMAGE_RULES } from './imageRules';
import { filledByModel } from './tool';

const sources: INodePropertyOptions[] = [
	{ name: 'Base64', value: 'base64', description: 'Text that holds the image' },
	{
		name: 'Binary File',
		value: 'binary',
		description: 'A file that an earlier node has read or downloaded',
	},
	{
		name: 'URL',
		value: 'url',
		description: 'A public address that Kling fetches the image from',
	},
];

/**
 * The fields that `prepareImage` reads: `imageSource`, `imageUrl`, `binaryPropertyName`, `imageBase64`.
 * @param image what it shows, as in "The front image of the product or person"
 * @param defaultUrl of Image URL
 */
export function imageFields(image: string, defaultUrl = ''): INodeProperties[] {
	const Image = image.charAt(0).toUpperCase() + image.slice(1);
	return [
		{
			displayName: 'Image Source',
			name: 'imageSource',
			type: 'options',
			options: sources,
			default: 'url',
			description: `Where ${image} comes from`,
		},
		...filledByModel(
			{
				displayName: 'Image URL',
				name: 'imageUrl',
				type: 'string',
				required: true,
				default: defaultUrl,
				placeholder: 'e.g. https://example.com/sneaker-front.jpg',
				displayOptions: { show: { imageSource: ['url'] } },
				hint: 'Kling fetches it: the address must open without logging in and lead to the file itself',
				description: `The address of ${image}, http:// or https://. ${IMAGE_RULES}. Use Binary File for an image that is not on the public internet.`,
			},
			'Image_URL',
			`Public address of the image file itself, not of a web page, beginning with https://. ${IMAGE_RULES}.`,
		),
		{
			displayName: 'Input Binary Field',
			name: 'binaryPropertyName',
			type: 'string',
			required: true,
			default: 'data',
			placeholder: 'e.g. data',
			hint: 'The name of the input field that holds the image file',
			displayOptions: { show: { imageSource: ['binary'] } },
			description: `${Image}. ${IMAGE_RULES}.`,
		},
		{
			displayName: 'Image Base64',
			name: 'imageBase64',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. iVBORw0KGgoAAAANSUhEUgAA…',
			displayOptions: { show: { imageSource: ['base64'] } },
			description: `${Image} as base64, with or without a data:image/…;base64, prefix. ${IMAGE_RULES}.`,
		},
	];
}

/** An entry of `options`. */
export const checkImageUrl: INodeProperties = {
	displayName: 'Check Image URL',
	name: 'checkImageUrl',
	type: 'boolean',
	default: false,
	displayOptions: { show: { '/imageSource': ['url'] } },
	description:
		'Whether n8n reads the first 256 kB of the image within 5 seconds, and checks type, dimensions and size before the create. An image that n8n cannot read is sent unchecked, with a hint. Off: Kling checks it after the create, and a task that fails then may have been charged.',
};
