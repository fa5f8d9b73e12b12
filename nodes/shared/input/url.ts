import type { IExecuteFunctions } from 'n8n-workflow';
import { whyUnreachable } from '../lib/address';
import { parameterError, quoted } from './parameterError';

export interface UrlParameter {
	/** As the user sees the parameter. */
	label: string;
	value: unknown;
	/** Of a WHATWG URL, best first. */
	protocols: string[];
	/** What to use where Kling cannot reach the address: the end of "Use …". */
	alternative: string;
	/** Whether loopback addresses are allowed; plain http then is, too. */
	isLocal: boolean;
}

/** Characters. Common servers refuse longer addresses. */
const MAX_URL_LENGTH = 16_384;

/** Blanks at the ends, those without width included. Each row of blanks is tried once, not from each of its blanks. */
const OUTER_WHITESPACE =
	/^[\s\u200b\u2060\ufeff]+|(?<![\s\u200b\u2060\ufeff])[\s\u200b\u2060\ufeff]+$/g;

/**
 * An address that Kling can reach: as it stands, with blanks and characters beyond ASCII percent-encoded. What is
 * already encoded is left unchanged, since it may be signed.
 * @throws NodeOperationError
 */
export function readUrl(context: IExecuteFunctions, parameter: UrlParameter): string {
	const { label, value, isLocal } = parameter;
	const refuse = (found: string, advice: string) => parameterError(context, label, found, advice);
	const protocols = isLocal ? ['https:', 'http:'] : parameter.protocols;
	const expected = `Enter one address that begins with ${protocols.map((one) => `${one}//`).join(' or ')}.`;
	const given = typeof value === 'string' ? value.trim() : '';
	// Of a text of many MB, such as a whole image, only the beginning is read.
	const text = given.slice(0, MAX_URL_LENGTH).replace(OUTER_WHITESPACE, '');
	const wrong = wrongValue(value, text);
	if (wrong) throw refuse(wrong, expected);
	const protocol = wrongProtocol(text, protocols);
	if (protocol) throw refuse(protocol, protocolAdvice(text));
	const form = wrongForm(text);
	if (form) throw refuse(form, expected);
	if (given.length > MAX_URL_LENGTH) throw refuse(tooLong(given), 'Use a shorter address.');
	const encoded = encode(text);
	if (!URL.canParse(encoded)) throw refuse(`is not an address: ${quoted(text)}`, expected);
	const { hostname } = new URL(encoded);
	const reach = whyUnreachable({ hostname }, isLocal);
	if (reach)
		throw refuse(
			`cannot be used: ${hostname} is ${reach === 'loopback' ? "n8n's own machine" : 'not a public address'}, and Kling cannot reach it`,
			`Kling needs a public address. Use ${parameter.alternative}.`,
		);
	return encoded;
}

function wrongValue(value: unknown, text: string): string | undefined {
	if (Array.isArray(value) || /^\[\s*(["'{[]|\])/.test(text)) return `is a list: ${quoted(value)}`;
	if (value !== undefined && value !== null && typeof value !== 'string')
		return `is not text: ${quoted(value)}`;
	return text === '' ? 'is empty' : undefined;
}

function wrongProtocol(text: string, protocols: string[]): string | undefined {
	const [, protocol] = /^([a-z][a-z0-9+.-]*:)/i.exec(text) ?? [];
	const expected = protocols.map((one) => `${one}//`).join(' or ');
	if (!protocol || !protocols.includes(protocol.toLowerCase()))
		return `must begin with ${expected}, got ${quoted(text)}`;
	// Browsers correct this; other clients do not.
	return /^[^:]+:\/\/[^/\\?#\s]/.test(text) ? undefined : `has no host: ${quoted(text)}`;
}

function protocolAdvice(text: string): string {
	if (/^data:/i.test(text)) return 'For the image itself, set Image Source to Base64.';
	const isOther = /^(?!https?:)[a-z]+:/i.test(text) || /^http:\/\/[^/]/i.test(text);
	return isOther ? 'Use an address that Kling can open.' : 'Enter the complete address.';
}

function tooLong({ length }: string): string {
	const [found, most] = [length, MAX_URL_LENGTH].map((one) => one.toLocaleString('en-US'));
	return `is too long: ${found} characters, the maximum is ${most}`;
}

function wrongForm(text: string): string | undefined {
	const queryAt = text.indexOf('?');
	const beforeQuery = queryAt < 0 ? text : text.slice(0, queryAt);
	const query = text.slice(beforeQuery.length);
	// A nested address, as image proxies take it, follows a slash or a punctuation character.
	const nestedAt = query.search(/[,;|]https?:\/\//i);
	const isSecond =
		/[a-z0-9\s,;|"']https?:\/\//i.test(beforeQuery.slice(1)) ||
		/\s[,;|]?https?:\/\//i.test(query) ||
		(nestedAt >= 0 && query.includes('?', nestedAt));
	if (isSecond) return `holds more than one address: ${quoted(text)}`;
	if (/[\r\n]/.test(text)) return `has a line break inside: ${quoted(text)}`;
	if (/\p{Cc}/u.test(text)) return `has a tab or control character inside: ${quoted(text)}`;
	return beforeQuery.includes('\\') ? `has a backslash inside: ${quoted(text)}` : undefined;
}

/** Normalizes the host as WHATWG URLs do. After the host, encodes only characters that a URL may not contain. */
function encode(text: string): string {
	const [start = ''] = /^[^/]+\/\/[^/?#]*/.exec(text) ?? [];
	const rest = text.slice(start.length).replace(/[^\x21-\x7e]+/gu, (part) =>
		// Half a surrogate pair cannot be encoded.
		encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd')),
	);
	if (/^[\x21-\x7e]*$/.test(start) || !URL.canParse(start)) return start + rest;
	return new URL(start).href.replace(/\/$/, '') + rest;
}
