import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { KLING_CODES } from '../../../nodes/shared/transport/klingCodes';
import { choicesOf, isZeroSpecial, limitsOf, TABLES } from './fields';
import { readDocument, tableUnder } from './markdown';

const REFERENCE = readDocument('docs/reference.md');

describe.each(Object.entries(TABLES))('the table of the reference under %s', (heading, fields) => {
	const rows = tableUnder(heading, REFERENCE);
	const rowOf = ({ displayName }: INodeProperties) =>
		rows.find(([name]) => name === displayName) ?? [];

	it('names every parameter, and no other', () => {
		expect(rows.map(([name]) => name).sort()).toEqual(
			fields.map(({ displayName }) => displayName).sort(),
		);
	});

	it.each(fields)('says the default, the choices and the limits of $displayName', (field) => {
		const [, value = '', text = ''] = rowOf(field);
		const choices = [...text.matchAll(/_([^_`]+)_/g)].map(([, name]) => name);
		expect(value).toBe(defaultOf(field));
		expect(choices.sort()).toEqual(choicesOf(field).sort());
		expect(text).toContain(limitsOf(field) ?? '');
		if (isZeroSpecial(field)) expect(text).toMatch(/; 0 is (automatic|no limit)/);
	});
});

it('the README still has no table of parameters', () => {
	expect(readDocument('README.md')).not.toMatch(/^\| parameter/m);
});

it('the page of errors names every error code once, and no other', () => {
	const codes = tableUnder('Error codes of Kling', readDocument('docs/errors.md')).flatMap(
		([cell = '']) => cell.match(/^\d+$/g) ?? [],
	);
	expect(codes.sort()).toEqual(Object.keys(KLING_CODES).sort());
});

/** As a table says it; units are in the labels. */
function defaultOf({ type, default: value, options }: INodeProperties): string {
	const nameOf = (chosen: unknown) =>
		(options as INodePropertyOptions[]).find((option) => option.value === chosen)?.name ?? '';
	if (type === 'boolean') return value === true ? 'on' : 'off';
	if (type === 'options') return nameOf(value);
	if (type === 'multiOptions') return (value as string[]).map(nameOf).sort().join(', ');
	if (typeof value === 'number') return String(value);
	const text = String(type === 'resourceLocator' ? (value as { value: string }).value : value);
	return text === '' ? '' : `\`${text.replace(/^=/, '')}\``;
}
