import type { IExecuteFunctions } from 'n8n-workflow';
import { readBase64 } from './base64';
import { isFile } from './imageFile';
import { MAX_BYTES, refusedImage, tooLarge } from './imageRules';
import { imageError, parameterError, quoted } from './parameterError';

/**
 * Checks the text in Image Base64 now.
 * @returns reads it again, as Kling takes it: with `=` at the end, without prefix and blanks
 */
export function loadBase64(context: IExecuteFunctions, itemIndex: number): () => Promise<string> {
	const read = () => readImageBase64(context, context.getNodeParameter('imageBase64', itemIndex));
	const refusal = refusedImage(read());
	if (refusal) throw imageError(context, 'Image Base64', refusal);
	return async () => read().toString('base64');
}

const CHOOSE_BINARY = 'Choose Image Source: Binary File, and enter the name of the field.';

function readImageBase64(context: IExecuteFunctions, value: unknown): Buffer {
	const refuse = (found: string, advice: string) =>
		parameterError(context, 'Image Base64', found, advice);
	// Of a stored file an expression for `data` gives nothing.
	if (value === undefined || value === null || value === '')
		throw refuse('is empty', `Enter the base64 of the image. Is it a file? ${CHOOSE_BINARY}`);
	if (isFile(value)) throw refuse('is a file, not its text', CHOOSE_BINARY);
	if (typeof value !== 'string')
		throw refuse(`is not text: ${quoted(value)}`, 'Enter the base64 of the image as text.');
	// Also guards against reading text of any length.
	if (value.length > 2 * MAX_BYTES)
		throw imageError(context, 'Image Base64', tooLarge(Math.floor(value.length * 0.75)));
	const text = value.replace(/^\s*data:[^,]{0,200},/i, '').trim();
	if (text === '') throw refuse('is empty', 'Enter the base64 of the image.');
	// In the JSON of a stored file `data` says where n8n keeps it, such as filesystem-v2.
	if (/^[a-z][a-z0-9-]{0,40}$/.test(text))
		throw refuse(`is ${quoted(text)}, n8n's reference to a stored file`, CHOOSE_BINARY);
	const bytes = readBase64(text);
	if (Buffer.isBuffer(bytes)) return bytes;
	if (bytes.kind === 'length')
		throw refuse(
			`is not base64: ${quoted(text)} has an impossible length of ${bytes.length} characters`,
			'Check that no character was lost on the way.',
		);
	throw refuse(
		`is not base64: ${quoted(text)} has ${quoted(bytes.sign)} at position ${bytes.position}`,
		'Base64 consists of letters, digits, + and / (or - and _), with = at the end.',
	);
}
