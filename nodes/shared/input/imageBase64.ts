import type { IExecuteFunctions } from 'n8n-workflow';
import { readBase64 } from './base64';
import { isFile } from './imageFile';
import { MAX_BYTES, imageRefusal, tooLarge } from './imageRules';
import { imageError, parameterError, quoted } from './parameterError';

/**
 * Checks the text in Image Base64 now.
 * @returns reads it again, as Kling takes it: with `=` at the end, without prefix and blanks
 */
export function prepareBase64(
	context: IExecuteFunctions,
	itemIndex: number,
): () => Promise<string> {
	const read = () => readImageBase64(context, context.getNodeParameter('imageBase64', itemIndex));
	const refusal = imageRefusal(read());
	if (refusal) throw imageError(context, 'Image Base64', refusal);
	return async () => read().toString('base64');
}

const CHOOSE_BINARY =
	'For a file, set Image Source to Binary File and enter the name of its field.';

/** What n8n has in the place of the bytes, in the JSON of a stored file. Source: n8n-core, STORED_MODES. */
const STORES: ReadonlySet<string> = new Set([
	'filesystem',
	'filesystem-v2',
	's3',
	'azure',
	'database',
]);

function readImageBase64(context: IExecuteFunctions, value: unknown): Buffer {
	const refuse = (found: string, advice: string) =>
		parameterError(context, 'Image Base64', found, advice);
	// For a stored file, an expression for `data` yields nothing.
	if (value === undefined || value === null || value === '')
		throw refuse('is empty', `Enter the image as base64. ${CHOOSE_BINARY}`);
	if (isFile(value)) throw refuse('is a file, not its text', CHOOSE_BINARY);
	if (typeof value !== 'string')
		throw refuse(`is not text: ${quoted(value)}`, 'Enter the image as base64 text.');
	// Also guards against reading text of any length.
	if (value.length > 2 * MAX_BYTES)
		throw imageError(context, 'Image Base64', tooLarge(Math.floor(value.length * 0.75)));
	const text = value.replace(/^\s*data:[^,]{0,200},/i, '').trim();
	if (text === '') throw refuse('is empty', 'Enter the image as base64.');
	if (STORES.has(text))
		throw refuse(`is ${quoted(text)}, n8n's reference to a stored file`, CHOOSE_BINARY);
	const bytes = readBase64(text);
	if (Buffer.isBuffer(bytes)) return bytes;
	if (bytes.kind === 'length')
		throw refuse(
			`is not base64: ${quoted(text)} has an invalid length of ${bytes.length} characters`,
			'Check that no character was lost.',
		);
	throw refuse(
		`is not base64: ${quoted(text)} has ${quoted(bytes.character)} at position ${bytes.position}`,
		'Base64 consists of letters, digits, + and / (or - and _), with = at the end.',
	);
}
