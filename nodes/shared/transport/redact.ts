import type { KlingCredential } from './credential';
import { TOKEN_HEADER } from './token';

const REDACTED = '[redacted]';
/** Shorter values are not Kling keys, and could be part of ordinary words. */
const MIN_SECRET_LENGTH = 8;

/** Takes the credential's secrets, and tokens signed with them, out of a text that a server sent. */
export function redactor({ keys, webhookSecrets }: KlingCredential): (text: string) => string {
	const secrets = keys.authentication === 'apiKey' ? [keys.apiKey] : [keys.secretKey];
	const found = [...secrets, ...webhookSecrets]
		.filter((secret) => secret.length >= MIN_SECRET_LENGTH)
		.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
	const tokens = keys.authentication === 'accessKey' ? tokensOf(keys.accessKey) : undefined;
	return (text) => {
		let clean = text;
		for (const secret of found) clean = clean.replaceAll(secret, REDACTED);
		return tokens ? clean.replace(tokens, REDACTED) : clean;
	};
}

/** The access key is the first claim of a token, so all its tokens begin with the same letters. */
function tokensOf(accessKey: string): RegExp {
	const header = base64url(JSON.stringify(TOKEN_HEADER));
	const claims = base64url(`{"iss":"${accessKey}"`);
	const whole = claims.slice(0, Math.floor(claims.length / 4) * 4);
	// A header of any letters would take time that grows with the square of the text.
	return new RegExp(`${header}\\.${whole}[\\w-]*\\.[\\w-]+`, 'g');
}

function base64url(text: string): string {
	return Buffer.from(text).toString('base64url');
}
