import { createHmac, timingSafeEqual } from 'node:crypto';
import { trimmedText } from '../lib/values';

/** Source: the Standard Webhooks scheme. */
export const TOLERANCE_S = 5 * 60;
const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export interface SignedRequest {
	/** With names in lower case, as Node gives them. */
	headers: Readonly<Record<string, unknown>>;
	/** As it came: JSON that was parsed and written again does not verify. */
	rawBody: Uint8Array | undefined;
}

export interface SigningKeys {
	keys: Buffer[];
	/** How many secrets are not valid base64. They are dropped: with an empty key, anyone could sign. */
	unusable: number;
}

/** @returns undefined if there are no secrets */
export function signingKeys(secrets: string[]): SigningKeys | undefined {
	if (secrets.length === 0) return undefined;
	const keys = secrets.map(keyOf).filter((key) => key.length > 0);
	return { keys, unusable: secrets.length - keys.length };
}

function keyOf(secret: string): Buffer {
	const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
	return Buffer.from(BASE64.test(base64) ? base64 : '', 'base64');
}

export type RefusedSignature =
	| { reason: 'missing' | 'badTimestamp' | 'unusableSecret' | 'noMatch' }
	/** Whoever sent it knows the secret: a clock is wrong, or an old request was sent again. Negative: from the future. */
	| { reason: 'outsideTolerance'; ageS: number };

/**
 * Checks a request against the Standard Webhooks scheme.
 * @param now Unix milliseconds
 * @returns why it is refused, or undefined if a signature is valid
 */
export function signatureRefusal(
	{ headers, rawBody }: SignedRequest,
	{ keys }: SigningKeys,
	now = Date.now(),
): RefusedSignature | undefined {
	const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
		trimmedText(headers[`webhook-${name}`]),
	);
	if (!id || !timestamp || !signatures || !rawBody) return { reason: 'missing' };
	if (!/^\d{1,12}$/.test(timestamp)) return { reason: 'badTimestamp' };
	if (keys.length === 0) return { reason: 'unusableSecret' };
	const valid = keys.map((key) => signature(key, `${id}.${timestamp}.`, rawBody));
	const matches = signatures.split(' ').some((given) => valid.some((one) => isSame(one, given)));
	if (!matches) return { reason: 'noMatch' };
	const ageS = Math.floor(now / 1000) - Number(timestamp);
	return Math.abs(ageS) > TOLERANCE_S ? { reason: 'outsideTolerance', ageS } : undefined;
}

function signature(key: Buffer, head: string, rawBody: Uint8Array): string {
	return `v1,${createHmac('sha256', key).update(head).update(rawBody).digest('base64')}`;
}

/** In constant time, and as text: base64 that differs in unused bits alone is decoded to the same bytes. */
function isSame(one: string, other: string): boolean {
	const [a, b] = [Buffer.from(one), Buffer.from(other)];
	return a.length === b.length && timingSafeEqual(a, b);
}
