import type { IBinaryData, IDataObject, IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { isObject } from '../lib/values';
import { MAX_BYTES, imageRefusal, tooLarge } from './imageRules';
import { imageError, parameterError, quoted } from './parameterError';

/** How the user sees the parameter, and what it holds. */
interface FileParameter {
	label: string;
	/** The name of a field; an expression may yield the file itself. */
	field: string | IBinaryData;
}

/**
 * Checks the file in Input Binary Field now.
 * @returns reads it again, as base64
 */
export async function prepareFile(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<() => Promise<string>> {
	const field = context.getNodeParameter('binaryPropertyName', itemIndex) as string | IBinaryData;
	return await prepareField(context, itemIndex, { label: 'Input Binary Field', field });
}

/** The same for any parameter. */
export async function prepareField(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: FileParameter,
): Promise<() => Promise<string>> {
	const { field } = parameter;
	const label = `${parameter.label} ${typeof field === 'string' ? quoted(field) : 'with a file'}`;
	const file = findFile(context, itemIndex, parameter);
	const read = async () => {
		try {
			return await context.helpers.getBinaryDataBuffer(itemIndex, field);
		} catch (error) {
			throw goneError(context, label, error);
		}
	};
	const bytes = await storedBytes(context, file);
	const refusal = bytes > MAX_BYTES ? tooLarge(bytes) : imageRefusal(await read());
	if (refusal) throw imageError(context, label, refusal);
	return async () => (await read()).toString('base64');
}

/** n8n's helper knows both forms of a workflow's files, and takes a file in the place of a field's name. */
function findFile(
	context: IExecuteFunctions,
	itemIndex: number,
	{ label, field }: FileParameter,
): IBinaryData {
	try {
		const file = context.helpers.assertBinaryData(itemIndex, field);
		if (isFile(file)) return file;
	} catch {
		// n8n's text names neither the parameter nor the fields that are there.
	}
	if (typeof field !== 'string')
		throw parameterError(
			context,
			label,
			`is neither the name of a field nor a file: ${quoted(field)}`,
			'Enter the name of a field, such as data, or an expression that gives one file, such as {{ $binary.data }}.',
		);
	const names = fileNames(context.getInputData()[itemIndex] ?? {});
	throw parameterError(
		context,
		label,
		`names ${quoted(field)}, which is not a file of the input item`,
		names.length > 0
			? `The item has these files: ${names.join(', ')}.`
			: 'The item has no files: connect a node that reads or downloads one.',
	);
}

/** With the workflow setting `binaryMode: combined`, files are listed in the JSON. */
function fileNames({ json = {}, binary = {} }: { json?: IDataObject; binary?: object }): string[] {
	const combined = isObject(json._files) ? Object.entries(json._files) : [];
	return [
		...Object.keys(binary),
		...combined.filter(([, file]) => isFile(file)).map(([name]) => `_files.${name}`),
	];
}

export function isFile(value: unknown): value is IBinaryData {
	return isObject(value) && 'mimeType' in value && ('data' in value || 'id' in value);
}

/** Without reading the file; 0 if n8n does not say. */
async function storedBytes(context: IExecuteFunctions, { id }: IBinaryData): Promise<number> {
	if (!id) return 0;
	const metadata = await context.helpers.getBinaryMetadata(id).catch(() => undefined);
	return metadata?.fileSize ?? 0;
}

function goneError(context: IExecuteFunctions, label: string, error: unknown): NodeOperationError {
	const reason = error instanceof Error ? error.message : String(error);
	return parameterError(
		context,
		label,
		'cannot be read: n8n no longer has the file',
		`n8n deletes files together with their execution: run the node that reads or downloads it again. n8n says: ${reason}`,
	);
}
