import { SignJWT } from 'jose';
import type { KlingKeys } from './credential';

/** Source: Kling's documentation, section authentication. */
const TOKEN_LIFETIME_S = 1800;
/** Kling allows no leeway for a clock that is ahead. */
const TOKEN_BACKDATED_S = 5;

/** Of every token. */
export const TOKEN_HEADER = { alg: 'HS256', typ: 'JWT' } as const;

/** What follows `Bearer`: a token signed now, or the API key. */
export async function bearerToken(keys: KlingKeys): Promise<string> {
	if (keys.authentication === 'apiKey') return keys.apiKey;
	const nowS = Math.floor(Date.now() / 1000);
	return await new SignJWT()
		.setProtectedHeader(TOKEN_HEADER)
		.setIssuer(keys.accessKey)
		.setExpirationTime(nowS + TOKEN_LIFETIME_S)
		.setNotBefore(nowS - TOKEN_BACKDATED_S)
		.sign(new TextEncoder().encode(keys.secretKey));
}
