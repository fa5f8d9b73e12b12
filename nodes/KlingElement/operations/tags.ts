import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError, quoted } from '../../shared/input/parameterError';
import { isObject, scalarText } from '../../shared/lib/values';

/** Source: Kling's documentation. */
const TAGS: ReadonlyArray<{ name: string; value: string }> = [
	{ name: 'Animal', value: 'o_103' },
	{ name: 'Character', value: 'o_102' },
	{ name: 'Costume', value: 'o_105' },
	{ name: 'Effect', value: 'o_107' },
	{ name: 'Hottest', value: 'o_101' },
	{ name: 'Item', value: 'o_104' },
	{ name: 'Others', value: 'o_108' },
	{ name: 'Scene', value: 'o_106' },
];

export const tagsField: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'multiOptions',
	options: [...TAGS],
	default: [],
	description: "What the element is, for Kling's library",
};

/** Ids, without duplicates; an expression may give names, and one tag as plain text. */
export function readTags(context: IExecuteFunctions, itemIndex: number): string[] {
	const given: unknown = context.getNodeParameter('tags', itemIndex, []);
	const wanted = [given ?? []].flat().filter((tag) => tag !== '');
	const ids = wanted.map((one) => {
		const word = scalarText(one).trim().toLowerCase();
		const tag = TAGS.find(({ name, value }) => value === word || name.toLowerCase() === word);
		if (tag) return tag.value;
		const names = TAGS.map(({ name }) => name).join(', ');
		throw parameterError(
			context,
			'Tags',
			`has ${quoted(one)}, which is not a tag`,
			`Use ${names}.`,
		);
	});
	return [...new Set(ids)];
}

/** Of an entry of Kling's `tag_list`, in either shape: `{tag_id}` or `{id, name}`. */
export function tagName(tag: unknown): string {
	const { tag_id, id, name } = isObject(tag) ? tag : {};
	const value = scalarText(tag_id ?? id);
	return TAGS.find((known) => known.value === value)?.name ?? (scalarText(name) || value);
}
