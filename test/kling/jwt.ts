import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 7519, without a library: the package signs with one, and both would share its bugs. */
export interface Jwt {
	header: Record<string, unknown>;
	claims: Record<string, unknown>;
	/** `header.claims` as sent: what is signed. */
	signed: string;
	signature: Buffer;
}

/** Undefined where `token` is no JWT. */
export function parseJwt(token: string): Jwt | undefined {
	const parts = token.split('.');
	if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
	const [header = '', claims = '', signature = ''] = parts;
	const [readHeader, readClaims] = [header, claims].map(readObject);
	if (!readHeader || !readClaims) return undefined;
	return {
		header: readHeader,
		claims: readClaims,
		signed: `${header}.${claims}`,
		signature: Buffer.from(signature, 'base64url'),
	};
}

export function isSignedWith(jwt: Jwt, secret: string): boolean {
	if (jwt.header['alg'] !== 'HS256' || jwt.header['typ'] !== 'JWT') return false;
	const expected = createHmac('sha256', secret).update(jwt.signed).digest();
	return jwt.signature.length === expected.length && timingSafeEqual(jwt.signature, expected);
}

function readObject(part: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
		const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
		return isObject ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
