import { readUrl } from '../../../../../nodes/shared/input/url';
import { contextWith } from '../../../../../tools/docs/errors/context';
import { cpuMsOf } from '../../../../support/cpuTime';

const read = (value: unknown) =>
	readUrl(contextWith(), {
		label: 'Image URL',
		value,
		protocols: ['https:', 'http:'],
		alternative: 'another one',
		isLocal: false,
	});

/** Hostile texts as such; what becomes of them is up to other tests. */
const tryToRead = (value: unknown) => {
	try {
		read(value);
	} catch {
		// Refused.
	}
};

describe('the length of an address', () => {
	const longest = `https://example.com/?q=${'a'.repeat(16_384)}`.slice(0, 16_384);

	it('may be 16,384 characters, without the blanks around it', () => {
		expect(read(longest)).toBe(longest);
		expect(read(`${' '.repeat(20_000)}${longest}\n`)).toBe(longest);
		expect(read(`\u200b \u2060https://example.com/a.png \u200b\ufeff `)).toBe(
			'https://example.com/a.png',
		);
	});

	it.each([
		[`${longest}a`, 'is too long: 16,385 characters, the maximum is 16,384'],
		[
			`https://a.com/x${' '.repeat(50_000)}b`,
			'is too long: 50,016 characters, the maximum is 16,384',
		],
		['iVBORw0KGgo'.repeat(1_000_000), 'must begin with https:// or http://, got "iVBORw0KGgo'],
		[`data:image/png;base64,${'A'.repeat(20_000)}`, 'must begin with https:// or http://, got "'],
		['https://a.com/1.png\n'.repeat(10_000), 'holds more than one address: "https://a.com/1.png'],
		[`["${longest}"]`, 'is a list: "["https:'],
	])('%.30j… is refused by what is wrong first', (text, found) => {
		expect(() => read(text)).toThrow(`Image URL ${found}`);
	});
});

/** Once each takes several seconds if the time grows with the square of the length. */
it.each([
	['blanks inside', `https://a.com/x${' '.repeat(100_000)}b`],
	['zero-width blanks', `https://a.com/x${'\u200b'.repeat(100_000)}b`],
	['blanks in the query', `https://a.com/?${' '.repeat(100_000)}b`],
	['addresses in the query', `https://a.com/?${',https://'.repeat(50_000)}`],
	['line breaks', `${'\n'.repeat(100_000)}[${'\n'.repeat(100_000)}`],
	['base64', 'a'.repeat(14_000_000)],
])('%s: milliseconds, not seconds', (_name, text) => {
	expect(cpuMsOf(() => tryToRead(text))).toBeLessThan(300);
});

/** Several seconds, as above. */
it.each([
	['blanks inside', `https://a.com/x${' '.repeat(8_100)}b`],
	['blanks in the query', `https://a.com/?${' '.repeat(8_100)}b`],
])('%s of an address of a legal length, 100 times: milliseconds', (_name, text) => {
	const work = () => {
		for (let time = 0; time < 100; time++) read(text);
	};
	expect(cpuMsOf(work)).toBeLessThan(400);
});

it.each([
	['https://example.com/?a=1 ;https://b.com/2', true],
	['https://example.com/?a=1 ,\thttps://b.com/2', true],
	['https://example.com/?a=1, https://b.com/2', true],
	['https://example.com/?a=1|https://b.com/2?b', true],
	['https://example.com/?a=1|https://b.com/2&b', false],
	['https://example.com/?a?b=1|https://b.com/2', false],
	['https://example.com/?a=https://b.com/2?b', false],
])('%j holds more than one address: %j', (text, isRefused) => {
	if (isRefused) expect(() => read(text)).toThrow('Image URL holds more than one address');
	else expect(read(text)).toBe(text);
});
