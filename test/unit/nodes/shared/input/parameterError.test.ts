import { quoted } from '../../../../../nodes/shared/input/parameterError';
import { cpuMsOf } from '../../../../support/cpuTime';

const DIGITS = '0123456789'.repeat(6);

describe('what the user gave is quoted', () => {
	it.each<[unknown, string]>([
		['', '""'],
		['text', '"text"'],
		['a\tb\n', '"a\\tb\\n"'],
		[DIGITS, `"${DIGITS}"`],
		[`${DIGITS}x`, `"${DIGITS.slice(0, 57)}…"`],
		[`${DIGITS.slice(1)}\n`, `"${DIGITS.slice(1, 58)}…"`],
		[5, '5'],
		[null, 'null'],
		[undefined, 'undefined'],
		[true, 'true'],
		[[], '[]'],
		[{}, '{}'],
		[{ url: 1 }, '{"url":1}'],
		[['a', { b: [1, null], c: { d: '"' } }], '["a",{"b":[1,null],"c":{"d":"\\""}}]'],
		[new Date(0), '"1970-01-01T00:00:00.000Z"'],
		[[undefined, 1], '[null,1]'],
		[{ a: undefined, b: 1 }, '{"b":1}'],
		[{ text: DIGITS }, `{"text":"${DIGITS.slice(0, 48)}…`],
		[Array(100).fill(1), `[${'1,'.repeat(28)}…`],
		[Array(100).fill([]), `[${'[],'.repeat(18)}[]…`],
		[{ [DIGITS]: 1, b: 2 }, `{"${DIGITS.slice(0, 55)}…`],
	])('%j as %s', (value, expected) => {
		expect(quoted(value)).toBe(expected);
	});

	it('is not read beyond what is shown', () => {
		let reads = 0;
		const one = { toJSON: () => `${++reads}` };
		const row = Array<unknown>(1_000).fill(one);
		quoted(row);
		quoted(Object.fromEntries(row.entries()));
		quoted(Array(1_000).fill(row));
		quoted({ row: { row: { row } } });
		expect(reads).toBeLessThan(4 * 62);
	});

	/** Read in full, each takes several seconds. */
	it.each<[string, number, unknown]>([
		['text', 1, '\n'.repeat(13_000_000)],
		['text in an object', 50, { data: 'A'.repeat(13_000_000) }],
		['text in a list', 50, [{ data: ['A'.repeat(13_000_000)] }]],
	])('13 MB of %s, %i times: milliseconds', (_name, times, value) => {
		const work = () => {
			for (let time = 0; time < times; time++) quoted(value);
		};
		expect(cpuMsOf(work)).toBeLessThan(300);
	});
});
