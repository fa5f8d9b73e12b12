/** Why a text is not base64. */
export type NotBase64 =
	| { kind: 'character'; character: string; position: number }
	/** One trailing character, which cannot form a byte. */
	| { kind: 'length'; length: number };

const LINE_SEPARATOR = /\r\n|[\t\n\v\f\r]/;

/**
 * Decodes base64 or base64url, with or without `=` padding or line breaks. HTML forms turn each `+` into a space: inner
 * spaces are read as `+`, unless they separate lines of equal length.
 * @param text without a `data:` prefix
 */
export function readBase64(text: string): Buffer | NotBase64 {
	const digits = withoutPadding(hasWhitespace(text) ? withoutWhitespace(text) : text);
	const bytes = Buffer.from(digits, 'base64');
	// Buffer.from skips foreign characters; they show in the length, without a pattern over 13 MB.
	if (digits.length % 4 !== 1 && bytes.length === Math.floor((digits.length * 3) / 4)) return bytes;
	const position = digits.search(/[^A-Za-z0-9+/_-]/);
	return position < 0
		? { kind: 'length', length: digits.length }
		: { kind: 'character', character: digits.charAt(position), position: position + 1 };
}

function withoutPadding(text: string): string {
	const [padding = ''] = /={0,2}$/.exec(text.slice(-2)) ?? [];
	return text.slice(0, text.length - padding.length);
}

function hasWhitespace(text: string): boolean {
	return text.includes(' ') || LINE_SEPARATOR.test(text);
}

function withoutWhitespace(text: string): string {
	const raw = text.trim().split(LINE_SEPARATOR);
	// In lines of one length a blank at an end counts; elsewhere it is indentation.
	const lines = haveOneLength(raw) ? raw : raw.map((line) => line.trim());
	const parts = lines.flatMap((line) => line.split(' '));
	const areSeparators = text.includes('+') || haveOneLength(parts);
	return areSeparators ? parts.join('') : lines.join('').replaceAll(' ', '+');
}

/** Like lines of wrapped base64 (76 characters in email); the last one may be shorter. */
function haveOneLength(parts: string[]): boolean {
	const length = parts[0]?.length ?? 0;
	const last = parts.at(-1)?.length ?? 0;
	const areLines = parts.length > 2 && length >= 40 && length % 4 === 0 && last <= length;
	return areLines && parts.slice(0, -1).every((part) => part.length === length);
}
