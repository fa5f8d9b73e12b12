import type { INodeExecutionData } from 'n8n-workflow';
import type { OnError } from '../world/plan';

/** What n8n does with a node's data after it ran. Source: n8n-core 2.41.1, workflow-execute.js. */

/** `checkFailure`: a first item with an error counts as a failure of the whole run. */
export function isFailed(data: INodeExecutionData[][]): boolean {
	const error: unknown = data[0]?.[0]?.json?.error;
	return error !== undefined && error !== null && error !== false;
}

/** `handleNodeErrorOutput` and `normalizeNodeErrors`, in place, as n8n does it. */
export function finish(
	data: INodeExecutionData[][],
	input: INodeExecutionData[],
	onError: OnError,
): { main: INodeExecutionData[]; errors: INodeExecutionData[] } {
	const errors = onError === 'continueErrorOutput' ? splitErrors(data, input) : [];
	const main = data[0] ?? [];
	for (const item of [...main, ...errors])
		if (item.error !== undefined) item.json = { error: item.error.message };
	return { main, errors };
}

const ERROR_KEYS = ['error', 'message', 'details'];

function splitErrors(
	data: INodeExecutionData[][],
	input: INodeExecutionData[],
): INodeExecutionData[] {
	const errors: INodeExecutionData[] = [];
	const kept: INodeExecutionData[] = [];
	const items = data[0] ?? [];
	for (let item = items.shift(); item; item = items.shift()) {
		const isError =
			item.error !== undefined ||
			(Boolean(item.json.error) && Object.keys(item.json).every((key) => ERROR_KEYS.includes(key)));
		if (isError) errors.push({ ...item, json: { ...pairedJson(item, input), ...item.json } });
		else kept.push(item);
	}
	data[0] = kept;
	return errors;
}

function pairedJson({ pairedItem }: INodeExecutionData, input: INodeExecutionData[]) {
	const first = Array.isArray(pairedItem) ? pairedItem[0] : pairedItem;
	const index = typeof first === 'number' ? first : first?.item;
	return index === undefined ? {} : input[index]?.json;
}

/** `addPairedItemLineage`: items that come in are numbered by their position. */
export function numbered(items: INodeExecutionData[]): INodeExecutionData[] {
	return items.map((item, position) => ({ ...item, pairedItem: { item: position } }));
}

/** Through n8n's database. Errors of items are instances no more, but keep their fields. */
export function stored<Value>(value: Value): Value {
	return JSON.parse(JSON.stringify(value)) as Value;
}
