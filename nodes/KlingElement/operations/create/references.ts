import type { IExecuteFunctions } from 'n8n-workflow';
import { prepareField } from '../../../shared/input/imageFile';
import { parameterError, quoted } from '../../../shared/input/parameterError';
import { readUrl } from '../../../shared/input/url';

/** Source: Kling's answer "refer images must be between 1 and 3". */
const MAX_REFERENCES = 3;

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
		// A comma may be part of an address: the next address has to follow.
		const urls = counted(context, label, listOf(given, /[\s,;]+(?=https?:\/\/)/i)).map((value) =>
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
	const all: unknown[] = typeof given === 'string' ? given.split(separator) : [given ?? []].flat();
	return all
		.map((one) => (typeof one === 'string' ? one.trim().replace(/[,;]+$/, '') : one))
		.filter((one) => one !== '');
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
