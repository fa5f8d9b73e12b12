import {
	NodeOperationError,
	UserError,
	type ICredentialDataDecryptedObject,
	type IHookFunctions,
} from 'n8n-workflow';
import { trimmedText } from '../lib/values';
import { resolveBaseUrl } from './baseUrl';
import type { KlingContext } from './context';

export type KlingKeys =
	| { authentication: 'accessKey'; accessKey: string; secretKey: string }
	| { authentication: 'apiKey'; apiKey: string };

export interface KlingCredential {
	keys: KlingKeys;
	/** The only address that the keys may be sent to. */
	baseUrl: string;
	/** As entered, `whsec_…`; several while they are being changed. */
	webhookSecrets: string[];
	/** As n8n gave it, for n8n's request helper. */
	decrypted: ICredentialDataDecryptedObject;
	/** Monotonic ms. */
	readAt: number;
}

/**
 * Checks the fields of the credential.
 * @throws UserError naming the field that is missing or wrong
 */
export function readCredential(decrypted: ICredentialDataDecryptedObject): KlingCredential {
	return {
		baseUrl: resolveBaseUrl(decrypted),
		keys: readKeys(decrypted),
		webhookSecrets: readWebhookSecrets(decrypted),
		decrypted,
		readAt: performance.now(),
	};
}

export function readWebhookSecrets({ webhookSecret }: ICredentialDataDecryptedObject): string[] {
	return trimmedText(webhookSecret).split(/\s+/).filter(Boolean);
}

function readKeys(decrypted: ICredentialDataDecryptedObject): KlingKeys {
	if (decrypted.authentication === 'apiKey')
		return { authentication: 'apiKey', apiKey: readKey(decrypted.apiKey, 'API Key') };
	return {
		authentication: 'accessKey',
		accessKey: readKey(decrypted.accessKey, 'Access Key'),
		secretKey: readKey(decrypted.secretKey, 'Secret Key'),
	};
}

function readKey(field: unknown, label: string): string {
	const value = trimmedText(field);
	if (value === '')
		throw new UserError(`The Kling API credential has no ${label}`, {
			description: 'Enter it in the credential: copy it from the Kling console.',
		});
	if (/^[\x21-\x7e]+$/.test(value)) return value;
	throw new UserError(
		`The ${label} of the Kling API credential contains a space or a character that no key has`,
		{ description: 'Copy it again from the Kling console, in one piece.' },
	);
}

/** In a webhook, each read costs n8n an isolate of its expression engine (80 ms of CPU), so a callback reads only once. */
const webhookReads = new WeakMap<
	KlingContext | IHookFunctions,
	Promise<ICredentialDataDecryptedObject>
>();

/** The fields of the credential that the node uses, as they are now. */
export async function decryptedCredential(
	context: KlingContext | IHookFunctions,
): Promise<ICredentialDataDecryptedObject> {
	const reading = webhookReads.get(context) ?? context.getCredentials('klingApi');
	if ('getRequestObject' in context) webhookReads.set(context, reading);
	return await reading;
}

/**
 * The credential that the node uses, checked.
 * @throws NodeOperationError if it cannot be used
 */
export async function openCredential(context: KlingContext): Promise<KlingCredential> {
	const readAt = performance.now();
	const decrypted = await decryptedCredential(context);
	try {
		return { ...readCredential(decrypted), readAt };
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}
