import { Webhook } from 'standardwebhooks';

export interface SignatureHeaders {
	'webhook-id': string;
	/** Unix seconds. */
	'webhook-timestamp': string;
	/** One `v1,<base64>` a secret, separated by spaces. */
	'webhook-signature': string;
}

/** Standard Webhooks. `secrets`: `whsec_…`, several separated by spaces. `at` is Unix ms. */
export function signatureHeaders(
	secrets: string,
	id: string,
	at: number,
	body: string,
): SignatureHeaders {
	const signatures = secrets
		.split(/\s+/)
		.filter(Boolean)
		.map((secret) => new Webhook(secret).sign(id, new Date(at), body));
	return {
		'webhook-id': id,
		'webhook-timestamp': String(Math.floor(at / 1000)),
		'webhook-signature': signatures.join(' '),
	};
}
