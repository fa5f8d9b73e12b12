import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { BASE_URL, KEYS } from '../kling/simKling';
import type { Place } from '../record';
import type { Sim } from '../sim';
import type { NodePlan } from '../world/plan';

export const CREDENTIAL = (node: NodePlan): IDataObject => ({
	authentication: node.authentication,
	...KEYS,
	region: 'global',
	baseUrl: BASE_URL,
	webhookSecret: '',
});

/** The items as the workflow gives them to the node: image and own id stand in their json. */
export function inputItems(sim: Sim, runIndex: number): INodeExecutionData[] {
	const prefix = runIndex > 0 ? `loop${runIndex}-` : '';
	const isFromViews = sim.plan.node.from === 'views';
	return sim.plan.items.map(({ image, ownId, varies }, item) => ({
		json: {
			image: `https://images.example.com/${prefix}${image}.png`,
			...(isFromViews && { source: sim.kling.sourceId(`${prefix}${image}`) }),
			ownId: ownIdOf(sim, ownId, runIndex),
			varies: varies ?? '',
			intent: `item ${item} of run ${runIndex}`,
		},
		pairedItem: { item },
	}));
}

function ownIdOf(sim: Sim, ownId: Sim['plan']['items'][number]['ownId'], runIndex: number): string {
	if (!ownId) return '';
	if ('taskIdOf' in ownId) return sim.kling.foreignId(ownId.taskIdOf);
	return runIndex > 0 ? `order-${ownId.order}-loop${runIndex}` : `order-${ownId.order}`;
}

/** What the expressions of one item give at this try. */
export function placeOf({ json }: INodeExecutionData, tryCount: number): Place {
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	const [imageBase, own, varies] = [text(json.image), text(json.ownId), text(json.varies)];
	return {
		imageBase,
		image: varies === 'image' ? `${imageBase}?v=${tryCount}` : imageBase,
		ownId: own === '' ? undefined : varies === 'ownId' ? `${own}-${tryCount}` : own,
		isLoose: varies === 'ownId',
		source: typeof json.source === 'string' ? json.source : undefined,
		intent: text(json.intent),
	};
}

/** What Create Element takes besides the front image. */
function elementValues({ from, set }: NodePlan, place: Place | undefined): IDataObject {
	return {
		from,
		...(from === 'views'
			? { taskId: { __rl: true, mode: 'id', value: place?.source ?? '' }, set: String(set) }
			: { referenceSource: 'url', referenceUrls: 'https://images.example.com/left.png' }),
		elementName: 'Robot',
		elementDescription: 'A small toy robot',
		tags: [],
	};
}

/** Every parameter of Create Task and Create Element by its name; `place` is what differs from item to item. */
export function parameterValues(node: NodePlan, place: Place | undefined): IDataObject {
	return {
		operation: 'create',
		imageSource: 'url',
		imageUrl: place?.image ?? '',
		...(node.creates === 'element' && elementValues(node, place)),
		waitForCompletion: node.wait !== 'none',
		waitMode: node.wait === 'callback' ? 'callback' : 'poll',
		downloadImages: node.downloadImages,
		output: node.output,
		options: {
			externalTaskId: place?.ownId ?? '',
			ifExternalIdExists: node.ifExternalIdExists,
			reuseTaskOnRetry: node.reuseTaskOnRetry,
			maxConcurrent: node.maxConcurrent,
			maxNewTasks: node.maxNewTasks,
			capacityTimeout: node.capacityTimeoutS,
			timeout: node.timeoutS,
			pollInterval: node.pollIntervalS,
			onFailedTask: node.onFailedTask,
			onTimeout: node.onTimeout,
		},
	};
}

/** As n8n does: `a.b` leads into collections; what no one entered has the description's default. */
export function readParameter(
	properties: INodeProperties[],
	values: IDataObject,
	name: string,
	items: INodeExecutionData[],
	fallback: unknown,
): unknown {
	const [first = '', ...inner] = name.split('.');
	let value: unknown = first in values ? values[first] : defaultOf(properties, first, items);
	for (const key of inner) value = (value as IDataObject | undefined)?.[key];
	if (value !== undefined) return value;
	if (fallback !== undefined) return fallback;
	throw new Error(`Could not get parameter ${name}`);
}

const INPUT_EXPRESSION = /^=\{\{(.*\$input\.all\(\).*)\}\}$/s;

function defaultOf(
	properties: INodeProperties[],
	name: string,
	items: INodeExecutionData[],
): unknown {
	const value = properties.find((property) => property.name === name)?.default;
	const expression = typeof value === 'string' ? INPUT_EXPRESSION.exec(value)?.[1] : undefined;
	if (expression === undefined) return value;
	if (!expression.includes('.json)')) throw new Error(`Not modelled: ${expression}`);
	return items.map(({ json }) => json);
}
