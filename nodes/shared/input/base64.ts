/** Why a text is not base64. */
export type NotBase64 =
	| { kind: 'character'; character: string; position: number }
	/** One trailing character, which cannot form a byte. */
	| { kind: 'length'; length: number };

const BLANK = 1;
const LINE_END = 2;

/** By UTF-16 code unit: a blank, an end of a line, or 0. A table, since a text may have millions of them. */
const KINDS = new Uint8Array(0x10000);
for (let code = 0; code < KINDS.length; code++)
	if (/\s/.test(String.fromCharCode(code))) KINDS[code] = BLANK;
for (const end of '\t\n\v\f\r') KINDS[end.charCodeAt(0)] = LINE_END;

const PLUS = '+'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);

/**
 * Decodes base64 or base64url, with or without `=` padding or line breaks. HTML forms turn each `+` into a space: inner
 * spaces are read as `+`, unless they separate lines of equal length.
 * @param text without a `data:` prefix
 */
export function readBase64(text: string): Buffer | NotBase64 {
	const dense = /[\t-\r ]/.test(text) ? withoutWhitespace(text.trim()) : text;
	if (typeof dense !== 'string') return dense;
	const digits = withoutPadding(dense);
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

/**
 * In few passes over the text, without a list of its lines, of which there may be millions.
 * @param text without blanks at its ends
 */
function withoutWhitespace(text: string): string | NotBase64 {
	const hasPlus = text.includes('+');
	// In lines of one length a blank at an end counts; elsewhere it is indentation.
	const isIndented = hasPlus || !haveOneLength(text, LINE_END, false);
	const areSeparators = hasPlus || haveOneLength(text, BLANK, isIndented);
	const digits = Buffer.allocUnsafe(text.length);
	let length = 0;
	let blanks = 0;
	let other = '';
	let isIndentation = false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		const kind = KINDS[code] ?? 0;
		if (kind === LINE_END && isIndented) {
			blanks = 0;
			other = '';
			isIndentation = true;
		} else if (kind === BLANK) {
			if (isIndentation) continue;
			if (code !== SPACE) other = text.charAt(at);
			if (!areSeparators) blanks++;
		} else if (kind !== LINE_END) {
			// No form turns a `+` into a no-break space.
			if (other) return { kind: 'character', character: other, position: length + 1 };
			for (; blanks > 0; blanks--) digits[length++] = PLUS;
			if (code > 0xff)
				return { kind: 'character', character: text.charAt(at), position: length + 1 };
			digits[length++] = code;
			isIndentation = false;
		}
	}
	return digits.toString('latin1', 0, length);
}

/**
 * Like lines of wrapped base64 (76 characters in email); the last one may be shorter.
 * @param separator ends of lines alone; or blanks, too
 * @param isIndented blanks around an end of a line do not count
 */
function haveOneLength(
	text: string,
	separator: typeof BLANK | typeof LINE_END,
	isIndented: boolean,
): boolean {
	let first = 0;
	let start = 0;
	let ended = 0;
	for (let at = 0; at < text.length; at++) {
		if (kindAt(text, at) < separator) continue;
		const length = at - start;
		if (ended === 0) first = length;
		if (length < 40 || length % 4 !== 0 || length !== first) return false;
		ended++;
		start = afterSeparator(text, at, isIndented);
		at = start - 1;
	}
	return ended >= 2 && text.length - start <= first;
}

function afterSeparator(text: string, from: number, isIndented: boolean): number {
	const end = isIndented ? afterBlanks(text, from) : from;
	if (kindAt(text, end) !== LINE_END) return from + 1;
	const next = end + (text.startsWith('\r\n', end) ? 2 : 1);
	return isIndented ? afterBlanks(text, next) : next;
}

function afterBlanks(text: string, from: number): number {
	let at = from;
	while (kindAt(text, at) === BLANK) at++;
	return at;
}

/** 0 at the end of the text. */
function kindAt(text: string, at: number): number {
	return KINDS[text.charCodeAt(at)] ?? 0;
}
