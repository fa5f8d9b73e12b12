import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { KlingApi } from '../../../credentials/KlingApi.credentials';
import { KlingAiMultiShot } from '../../../nodes/KlingAiMultiShot/KlingAiMultiShot.node';
import { KlingAiMultiShotTrigger } from '../../../nodes/KlingAiMultiShot/KlingAiMultiShotTrigger.node';
import { KlingElement } from '../../../nodes/KlingElement/KlingElement.node';

const node = new KlingAiMultiShot().description.properties;
const element = new KlingElement().description.properties;

/** Headings of docs/reference.md, and the fields that its tables under them must name. */
export const TABLES: Record<string, INodeProperties[]> = {
	Credential: shown(new KlingApi().properties),
	Operations: shown(node.filter(({ name }) => name === 'operation')),
	'Create Task': shown(node.filter(isOf('create'))),
	'Get Task': shown(node.filter(isOf('get'))),
	'Wait for Task': shown(node.filter(isOf('wait'))),
	'List Tasks': shown(node.filter(isOf('list'))),
	'Kling Element': shown(element.filter(({ name }) => name === 'operation')),
	'Create Element': shown(element.filter(isOf('create'))),
	'Get Element': shown(element.filter(isOf('get'))),
	'List Elements': shown(element.filter(isOf('list'))),
	'Delete Element': shown(element.filter(isOf('delete'))),
	'The trigger': shown(new KlingAiMultiShotTrigger().description.properties),
};

/** Every field that a user can fill in, the entries of collections among them. */
export const FIELDS = Object.values(TABLES).flat();

/** Fields that are filled in, in the place of the collections that hold them. */
function shown(properties: INodeProperties[]): INodeProperties[] {
	const fields = properties
		.filter(({ type }) => type !== 'notice' && type !== 'hidden')
		// An agent's tool shows twins of some fields, filled in by the model.
		.filter(({ displayOptions }) => displayOptions?.show?.['@tool']?.[0] !== true)
		.flatMap((property) =>
			property.type === 'collection' ? (property.options as INodeProperties[]) : property,
		);
	return [...new Map(fields.map((field) => [field.name, field])).values()];
}

function isOf(operation: string) {
	return ({ displayOptions }: INodeProperties) =>
		displayOptions?.show?.operation?.includes(operation) === true;
}

/** What is chosen from: the entries of a menu, or the ways to name a task. */
export function choicesOf({ type, options, modes }: INodeProperties): string[] {
	if (type === 'resourceLocator') return (modes ?? []).map(({ displayName }) => displayName);
	if (type !== 'options' && type !== 'multiOptions') return [];
	return (options as INodePropertyOptions[]).map(({ name }) => name);
}

/** `1 to 600`, or undefined where there are not both. A default of 0 means "automatic" or "no limit". */
export function limitsOf(field: INodeProperties): string | undefined {
	const { minValue, maxValue } = field.typeOptions ?? {};
	if (minValue === undefined || maxValue === undefined) return undefined;
	const least = isZeroSpecial(field) ? 1 : minValue;
	return `${least.toLocaleString('en-US')} to ${maxValue.toLocaleString('en-US')}`;
}

export function isZeroSpecial({ typeOptions, default: value }: INodeProperties): boolean {
	return typeOptions?.minValue === 0 && value === 0;
}
