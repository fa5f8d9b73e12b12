import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from './parameterError';

const RULES = 'JPEG or PNG, at most 10 MB, at least 300 px wide and high, ratio 1:2.5 to 2.5:1';

export const pictureFields: INodeProperties[] = [
	{
		displayName: 'Image Source',
		name: 'imageSource',
		type: 'options',
		options: [
			{ name: 'Base64', value: 'base64', description: 'Text that holds the picture' },
			{ name: 'Binary File', value: 'binary', description: 'A file of the input item' },
			{ name: 'URL', value: 'url', description: 'An address that Kling fetches the picture from' },
		],
		default: 'url',
		description: 'Where the frontal picture of the thing or person comes from',
	},
	{
		displayName: 'Image URL',
		name: 'imageUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://example.com/sneaker-front.jpg',
		displayOptions: { show: { imageSource: ['url'] } },
		description: `The address of the frontal picture, open to the internet. ${RULES}.`,
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input field that holds the picture',
		displayOptions: { show: { imageSource: ['binary'] } },
		description: `The frontal picture. ${RULES}.`,
	},
	{
		displayName: 'Image Base64',
		name: 'imageBase64',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. iVBORw0KGgoAAAANSUhEUgAA…',
		displayOptions: { show: { imageSource: ['base64'] } },
		description: `The frontal picture as base64, with or without a data:image/…;base64, prefix. ${RULES}.`,
	},
];

/**
 * The picture as Kling's `element_frontal_image` wants it: a URL, or base64 without prefix and white space.
 * @throws NodeOperationError before any request
 */
export async function readPicture(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const source = context.getNodeParameter('imageSource', itemIndex) as string;
	if (source === 'url') return readUrl(context, itemIndex);
	if (source === 'binary') return await readBinary(context, itemIndex);
	if (source === 'base64') return readBase64(context, itemIndex);
	throw parameterError(
		context,
		'Image Source',
		`is ${quoted(source)}`,
		'One of url, binary and base64 is expected.',
	);
}

function readUrl(context: IExecuteFunctions, itemIndex: number): string {
	const value = context.getNodeParameter('imageUrl', itemIndex);
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '')
		throw parameterError(context, 'Image URL', 'is empty', 'Give the address of the picture.');
	if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
		throw parameterError(
			context,
			'Image URL',
			`is not an http or https address: ${quoted(text)}`,
			text.startsWith('data:')
				? 'The picture itself goes into Image Source: Base64.'
				: 'An address such as https://example.com/sneaker-front.jpg is expected.',
		);
	return text;
}

async function readBinary(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const name = String(context.getNodeParameter('binaryPropertyName', itemIndex));
	const fields = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
	if (!fields.includes(name))
		throw parameterError(
			context,
			'Input Binary Field',
			`names ${quoted(name)}, which the input item does not have`,
			fields.length > 0
				? `The item's binary fields: ${fields.join(', ')}.`
				: 'The item has no binary data: connect a node that reads or downloads a file.',
		);
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, name);
	if (bytes.length === 0)
		throw parameterError(context, 'Input Binary Field', 'holds an empty file', `${RULES}.`);
	return bytes.toString('base64');
}

function readBase64(context: IExecuteFunctions, itemIndex: number): string {
	const value = context.getNodeParameter('imageBase64', itemIndex);
	const text = typeof value === 'string' ? value : '';
	const base64 = text.replace(/^\s*data:[^,]*,/i, '').replace(/\s+/g, '');
	if (base64 === '')
		throw parameterError(context, 'Image Base64', 'is empty', `The picture is expected: ${RULES}.`);
	if (base64.length % 4 === 1 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
		throw parameterError(
			context,
			'Image Base64',
			`is not base64: ${quoted(base64)}`,
			'Only letters, digits, + and / are expected, with = at the end.',
		);
	return base64;
}
