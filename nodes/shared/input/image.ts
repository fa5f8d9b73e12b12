import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { filledByModel } from './tool';
import { parameterError, quoted } from './parameterError';
import { PICTURE_RULES, refusedPicture } from './imageRules';
import { checkPictureUrl } from './imageUrl';
import { readUrl } from './url';

const imageUrlField: INodeProperties = {
	displayName: 'Image URL',
	name: 'imageUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/sneaker-front.jpg',
	displayOptions: { show: { imageSource: ['url'] } },
	hint: 'Kling fetches it: the address must open without logging in, and lead to the file itself',
	description: `The address of the frontal picture, http:// or https://. ${PICTURE_RULES}. A picture that is not open to the internet is sent as Binary File.`,
};

export const pictureFields: INodeProperties[] = [
	{
		displayName: 'Image Source',
		name: 'imageSource',
		type: 'options',
		options: [
			{ name: 'Base64', value: 'base64', description: 'Text that holds the picture' },
			{
				name: 'Binary File',
				value: 'binary',
				description: 'A file that an earlier node has read or downloaded',
			},
			{
				name: 'URL',
				value: 'url',
				description: 'A public address that Kling fetches the picture from',
			},
		],
		default: 'url',
		description: 'Where the frontal picture of the thing or person comes from',
	},
	...filledByModel(
		imageUrlField,
		'Image_URL',
		`Address of the picture file itself, not of a web page, open to the internet, beginning with https://. ${PICTURE_RULES}.`,
	),
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input field that holds the picture',
		displayOptions: { show: { imageSource: ['binary'] } },
		description: `The frontal picture. ${PICTURE_RULES}.`,
	},
	{
		displayName: 'Image Base64',
		name: 'imageBase64',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. iVBORw0KGgoAAAANSUhEUgAA…',
		displayOptions: { show: { imageSource: ['base64'] } },
		description: `The frontal picture as base64, with or without a data:image/…;base64, prefix. ${PICTURE_RULES}.`,
	},
];

/** The picture as Kling's `element_frontal_image` wants it: a URL, or base64 without prefix and white space. */
export type GivePicture = () => Promise<string>;

/**
 * Checks the picture now and gives it later, so that not all pictures stand in memory.
 * @param klingIsLocal whether loopback addresses are allowed
 * @throws NodeOperationError before any request to Kling, for what Kling would refuse
 */
export async function preparePicture(
	context: IExecuteFunctions,
	itemIndex: number,
	{ klingIsLocal, checkImageUrl }: { klingIsLocal: boolean; checkImageUrl: boolean },
): Promise<GivePicture> {
	const source = context.getNodeParameter('imageSource', itemIndex);
	if (source === 'binary') return await prepareBinary(context, itemIndex);
	if (source === 'base64') return prepareBase64(context, itemIndex);
	if (source !== 'url')
		throw parameterError(
			context,
			'Image Source',
			`is ${quoted(source)}`,
			'One of url, binary and base64 is expected.',
		);
	const url = readUrl(context, {
		label: 'Image URL',
		value: context.getNodeParameter('imageUrl', itemIndex),
		protocols: ['https:', 'http:'],
		klingIsLocal,
	});
	if (checkImageUrl) await checkPictureUrl(context, url, klingIsLocal);
	return async () => url;
}

async function prepareBinary(context: IExecuteFunctions, itemIndex: number): Promise<GivePicture> {
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
	const read = async () => await context.helpers.getBinaryDataBuffer(itemIndex, name);
	checkBytes(context, `Input Binary Field: the picture in ${quoted(name)}`, await read());
	return async () => (await read()).toString('base64');
}

function prepareBase64(context: IExecuteFunctions, itemIndex: number): GivePicture {
	const read = () => {
		const value = context.getNodeParameter('imageBase64', itemIndex);
		const text = typeof value === 'string' ? value : '';
		const base64 = text.replace(/^\s*data:[^,]{0,200},/i, '').replace(/\s+/g, '');
		// Some encoders leave out the = at the end; Kling wants it.
		return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');
	};
	const base64 = read();
	if (!isBase64(base64))
		throw parameterError(
			context,
			'Image Base64',
			`is not base64: ${quoted(base64)}`,
			'Only letters, digits, + and / are expected, with = at the end.',
		);
	checkBytes(context, 'Image Base64: the picture', Buffer.from(base64, 'base64'));
	return async () => read();
}

/** Without a pattern over the whole text: on 13 MB that can overflow the stack of the regular expression. */
function isBase64(text: string): boolean {
	return !/[^A-Za-z0-9+/]/.test(text.slice(0, text.length - paddingOf(text)));
}

function paddingOf(base64: string): number {
	if (base64.endsWith('==')) return 2;
	return base64.endsWith('=') ? 1 : 0;
}

function checkBytes(context: IExecuteFunctions, label: string, bytes: Buffer): void {
	const found = refusedPicture(bytes);
	if (found) throw parameterError(context, label, found, `Kling takes ${PICTURE_RULES}.`);
}

export interface PreparedImage {
	load: GivePicture;
	front_image_url?: string;
}

export async function prepareImage(
	context: IExecuteFunctions,
	itemIndex: number,
	{ isLocal, checkImageUrl }: { isLocal: boolean; signal: AbortSignal; checkImageUrl: boolean },
): Promise<PreparedImage> {
	const load = await preparePicture(context, itemIndex, { klingIsLocal: isLocal, checkImageUrl });
	if (context.getNodeParameter('imageSource', itemIndex) !== 'url') return { load };
	return { load, front_image_url: await load() };
}
