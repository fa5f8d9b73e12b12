import { KlingError } from './errors';

/** Throws 1200 for anything but a JSON object. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> {
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		throw new KlingError(1200, 'The body is not JSON');
	}
	if (isObject(body)) return body;
	throw new KlingError(1200, 'The body is not an object');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws 1201 for a key that Kling's documentation does not have. */
export function checkKeys(body: object, known: ReadonlySet<string>): void {
	for (const key of Object.keys(body)) {
		if (!known.has(key)) throw new KlingError(1201, `Unknown key: ${key}`);
	}
}

/** Throws 1201 for anything but text, and for ''. */
export function optionalText(
	body: Readonly<Record<string, unknown>>,
	name: string,
): string | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (typeof value === 'string' && value !== '') return value;
	throw new KlingError(1201, `${name} must be a string that is not empty`);
}

export function optionalCallbackUrl(body: Readonly<Record<string, unknown>>): string | undefined {
	const url = optionalText(body, 'callback_url');
	if (url === undefined) return undefined;
	if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
	throw new KlingError(1201, 'callback_url is invalid');
}
