import type { IDataObject, IExecuteFunctions, INodePropertyOptions } from 'n8n-workflow';
import { collect } from '../../shared/client/collect';
import { canonicalStatus } from '../../shared/client/task';
import { limitFields, readLimit } from '../../shared/input/limit';
import { statusOptions } from '../../shared/input/statuses';
import { readText } from '../../shared/input/text';
import { toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import { scalarText } from '../../shared/lib/values';
import { klingError } from '../../shared/run/klingError';
import type { Operation } from '../../shared/run/operation';
import { elementOutputs } from './elementOutput';
import { ELEMENT_ANSWER } from './tool';

const LISTS_CONCURRENCY = 3;

/** Of the element, or of its task while there is none. */
const elementStatuses: INodePropertyOptions[] = [
	{ name: 'Deleted', value: 'deleted' },
	...statusOptions,
];

export const list: Operation = {
	entry: {
		name: 'List Elements',
		value: 'list',
		action: 'List elements',
		description: "List your account's elements or Kling's presets, one item each",
	},
	fields: [
		toolDescription(
			`Lists elements of Kling, at no cost: an entry for each, with its element_id and task_id. ${ELEMENT_ANSWER}`,
		),
		{
			displayName: 'Library',
			name: 'library',
			type: 'options',
			options: [
				{ name: 'Own', value: 'own', description: 'What this account has created' },
				{ name: 'Presets', value: 'presets', description: "Kling's own elements" },
			],
			default: 'own',
			description: 'Whose elements to list',
		},
		...limitFields,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. Red sneaker',
					description: 'Only elements whose name contains this text, ignoring case',
				},
				{
					displayName: 'Statuses',
					name: 'statuses',
					type: 'multiOptions',
					options: elementStatuses,
					default: [],
					description:
						'Only elements with one of these statuses. None chosen: all, including deleted elements and those that Kling is still creating or could not create.',
				},
			],
		},
	],
	start({ context, kling }) {
		const limited = limiter(LISTS_CONCURRENCY);
		return {
			async onItem(itemIndex) {
				const wanted = readWanted(context, itemIndex);
				const api = wanted.isPresets ? kling.presetElements : kling.elements;
				const result = await limited(
					async () =>
						await collect(api, {
							limit: wanted.limit,
							isFiltered: wanted.name !== '' || wanted.statuses.length > 0,
							valuesOf: (task) => elementOutputs(task).filter((one) => isWanted(one, wanted)),
						}),
				);
				if ('failure' in result)
					throw klingError(context, result.failure, { action: 'list the elements' });
				return { items: result.value.map((json) => ({ json })) };
			},
		};
	},
};

interface Wanted {
	isPresets: boolean;
	limit: number;
	/** In lower case; empty for all. */
	name: string;
	/** Empty for all. */
	statuses: string[];
}

function readWanted(context: IExecuteFunctions, itemIndex: number): Wanted {
	const filters = context.getNodeParameter('filters', itemIndex, {});
	// An expression may give one status as plain text.
	const statuses = [filters.statuses ?? []].flat().map(String);
	return {
		isPresets: context.getNodeParameter('library', itemIndex) === 'presets',
		limit: readLimit(context, itemIndex),
		name: readText(context, 'Name', filters.name).toLowerCase(),
		statuses: statuses.filter((status) => status !== '').map(canonicalStatus),
	};
}

function isWanted(element: IDataObject, { name, statuses }: Wanted): boolean {
	const hasName = scalarText(element.element_name).toLowerCase().includes(name);
	return hasName && (statuses.length === 0 || statuses.includes(scalarText(element.status)));
}
