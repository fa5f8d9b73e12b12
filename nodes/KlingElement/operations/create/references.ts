import type { IExecuteFunctions } from 'n8n-workflow';
import { prepareField } from '../../../shared/input/imageFile';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { readUrl } from '../../../shared/input/url';

/** Source: Kling's answer "refer images must be between 1 and 3". */
const MAX_REFERENCES = 3;

/** Characters. A longer text, such as a whole image, is read as one entry, which is then refused. */
const MAX_LIST_LENGTH = 100_000;

/** A comma may be part of an address: the next address has to follow. Only the last of several separators counts. */
const BETWEEN_URLS = /[\s,;](?=https?:\/\/)/i;

/** Each row of separators is tried once, not from each of its characters. */
const LAST_SEPARATORS = /(?<![\s,;])[\s,;]+$/;

/**
 * The images besides the front image, checked now and loaded later: URLs, or base64.
 * @throws NodeOperationError
 */
export async function readReferences(
	context: IExecuteFunctions,
	itemIndex: number,
	isLocal: boolean,
): Promise<() => Promise<string[]>> {
	const source: unknown = context.getNodeParameter('referenceSource', itemIndex);
	if (source === 'url') {
		const label = 'Reference Image URLs';
		const given = context.getNodeParameter('referenceUrls', itemIndex);
		const urls = counted(context, label, listOf(given, BETWEEN_URLS)).map((value) =>
			readUrl(context, {
				label,
				value,
				protocols: ['https:', 'http:'],
				alternative: 'one, or set Reference Source to Binary Files',
				isLocal,
			}),
		);
		return async () => urls;
	}
	if (source !== 'binary')
		throw parameterError(context, 'Reference Source', `is ${quoted(source)}`, 'Use url or binary.');
	const label = 'Reference Binary Fields';
	const names = listOf(context.getNodeParameter('referenceBinaryFields', itemIndex), /[,\n]/);
	const loads = await Promise.all(
		counted(context, label, names).map(
			async (field) => await prepareField(context, itemIndex, { label, field: String(field) }),
		),
	);
	return async () => await Promise.all(loads.map(async (load) => await load()));
}

function listOf(given: unknown, separator: RegExp): unknown[] {
	const all: unknown[] = isReadable(given) ? given.split(separator) : [given ?? []].flat();
	return all
		.map((one) => (isReadable(one) ? one.trim().replace(LAST_SEPARATORS, '') : one))
		.filter((one) => one !== '');
}

function isReadable(one: unknown): one is string {
	return typeof one === 'string' && one.length <= MAX_LIST_LENGTH;
}

function counted(context: IExecuteFunctions, label: string, list: unknown[]): unknown[] {
	if (list.length >= 1 && list.length <= MAX_REFERENCES) return list;
	throw parameterError(
		context,
		label,
		list.length === 0 ? 'is empty' : `has ${list.length} entries`,
		`Enter 1 to ${MAX_REFERENCES} images besides the front image.`,
	);
}
