import { readBase64 } from '../../../../../nodes/shared/input/base64';
import { seededRandom } from '../../../../kling';
import { cpuMsOf } from '../../../../support/cpuTime';

const random = seededRandom(26);
const bytesOf = (length: number) =>
	Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

describe('blanks', () => {
	const bytes = bytesOf(1_000);
	const text = bytes.toString('base64');
	const withoutPlus = Buffer.from(text.replaceAll('+', '/'), 'base64');

	it.each<[string, (line: string) => string]>([
		['a line break', (line) => `${line}\n`],
		['the line break of Windows', (line) => `${line}\r\n`],
		['a tab', (line) => `${line}\t`],
		['a blank', (line) => `${line} `],
		['indentation', (line) => `   ${line}\n`],
		['indentation of no-break spaces', (line) => `\u00a0\u3000${line}\r\n`],
		['blanks before the line break', (line) => `${line}  \n`],
		['empty lines', (line) => `${line}\n\n`],
	])('that separate lines are dropped: %s', (_name, separated) => {
		for (const [given, expected] of [
			[text, bytes],
			[withoutPlus.toString('base64'), withoutPlus],
		] as const)
			for (const width of [40, 64, 76, 2_000])
				expect(readBase64(given.replace(RegExp(`.{1,${width}}`, 'g'), separated).trim())).toEqual(
					expected,
				);
	});

	it.each<[string, (text: string) => string]>([
		['on one line', (given) => given],
		['in lines', (given) => given.replace(/.{76}/g, '$&\n')],
		// No + at an end of a line: nothing would tell it from indentation.
		['in lines of uneven length', (given) => given.replace(/^.{14}|.{78}/g, '$&\r\n')],
	])('that forms made of + are read as +: %s', (_name, wrapped) => {
		const given = `AB${'A+A'.repeat(300)}AA`;
		expect(readBase64(wrapped(given).replaceAll('+', ' '))).toEqual(Buffer.from(given, 'base64'));
	});

	it('at an end of a line count as + where all lines have one length', () => {
		const line = `+${'A'.repeat(74)}+`;
		const given = `B${line.slice(1)}\n${line}\n${line}\n+A==`;
		const expected = Buffer.from(given.replaceAll('\n', ''), 'base64');
		expect(readBase64(given.replaceAll('+', ' '))).toEqual(expected);
	});

	it('do not hide what is not base64', () => {
		expect(readBase64('AAAA AAA! AAAA')).toEqual({
			kind: 'character',
			character: '!',
			position: 9,
		});
		expect(readBase64('AAAA\nAAA\u0142\nAAAA')).toEqual({
			kind: 'character',
			character: '\u0142',
			position: 8,
		});
		expect(readBase64('AAAA\nA')).toEqual({ kind: 'length', length: 5 });
	});
});

/** With a list of all parts each takes 5 to 12 seconds. */
it.each([
	['a blank after each character', 'A '.repeat(10_000_000)],
	['a line break after each character', 'A\n'.repeat(10_000_000)],
	['nothing but blanks between two', `A${' '.repeat(20_000_000)}A`],
	['nothing but line breaks between two', `A${'\n'.repeat(20_000_000)}A`],
	['both after each character', 'A \n'.repeat(7_000_000)],
])('20 MB with %s: not seconds', (_name, text) => {
	expect(cpuMsOf(() => readBase64(text))).toBeLessThan(2_300);
});
