import type { IExecuteFunctions } from 'n8n-workflow';
import { prepareBase64 } from './imageBase64';
import { prepareFile } from './imageFile';
import { probeImageUrl } from './imageUrl';
import { parameterError, quoted } from './parameterError';
import { readUrl } from './url';

export interface PreparedImage {
	/** Kling's `element_frontal_image`: a URL, or base64 without prefix and blanks. Read again each time, so that it takes no memory until then. */
	load: () => Promise<string>;
	/** Where the image is a URL. */
	front_image_url?: string;
	/** For context.addExecutionHints: what Check Image URL could not check, and why. */
	hint?: string;
}

export interface ImageSettings {
	/** Whether loopback addresses are allowed. */
	isLocal: boolean;
	signal: AbortSignal;
	checkImageUrl: boolean;
}

/**
 * Checks the image of `imageFields` now and loads it later.
 * @throws NodeOperationError before any request to Kling, for what Kling would refuse; the reason of `signal`
 */
export async function prepareImage(
	context: IExecuteFunctions,
	itemIndex: number,
	settings: ImageSettings,
): Promise<PreparedImage> {
	const source = context.getNodeParameter('imageSource', itemIndex);
	if (source === 'url') return await prepareUrl(context, itemIndex, settings);
	if (source === 'binary') return { load: await prepareFile(context, itemIndex) };
	if (source === 'base64') return { load: prepareBase64(context, itemIndex) };
	throw parameterError(
		context,
		'Image Source',
		`is ${quoted(source)}`,
		'Use url, binary or base64.',
	);
}

async function prepareUrl(
	context: IExecuteFunctions,
	itemIndex: number,
	{ isLocal, signal, checkImageUrl }: ImageSettings,
): Promise<PreparedImage> {
	const url = readUrl(context, {
		label: 'Image URL',
		value: context.getNodeParameter('imageUrl', itemIndex),
		protocols: ['https:', 'http:'],
		alternative: 'one, or set Image Source to Binary File or Base64',
		isLocal,
	});
	const hint = checkImageUrl ? await probeImageUrl(context, url, { isLocal, signal }) : undefined;
	return { load: async () => url, front_image_url: url, ...(hint !== undefined && { hint }) };
}
