import { NodeOperationError, UserError, type ICredentialDataDecryptedObject } from 'n8n-workflow';
import { resolveBaseUrl } from './baseUrl';
import type { KlingContext } from './context';
import { asText } from './values';

export type KlingKeys =
	| { authentication: 'accessKey'; accessKey: string; secretKey: string }
	| { authentication: 'apiKey'; apiKey: string };

/**
 * The keys, trimmed, and the address that they may be sent to.
 * @throws UserError naming the field that is missing or wrong
 */
export function readCredential(
	credentials: ICredentialDataDecryptedObject,
): KlingKeys & { baseUrl: string } {
	const read = (field: string, label: string) => {
		const value = asText(credentials[field]);
		if (value === '') throw new UserError(`The Kling API credential has no ${label}`);
		if (!/^[\x21-\x7e]+$/.test(value))
			throw new UserError(
				`The ${label} of the Kling API credential contains a space or a sign that no key has`,
				{ description: 'Copy it again from the Kling console, in one piece.' },
			);
		return value;
	};
	const baseUrl = resolveBaseUrl(credentials);
	if (credentials.authentication === 'apiKey')
		return { baseUrl, authentication: 'apiKey', apiKey: read('apiKey', 'API Key') };
	return {
		baseUrl,
		authentication: 'accessKey',
		accessKey: read('accessKey', 'Access Key'),
		secretKey: read('secretKey', 'Secret Key'),
	};
}

/** An isolate of n8n's expression engine, 90 ms of CPU, is what each reading by a webhook costs: one serves a callback. */
const ofWebhooks = new WeakMap<KlingContext, Promise<ICredentialDataDecryptedObject>>();

/** The credential that the node uses, as it is now. */
export async function credentialsOf(
	context: KlingContext,
): Promise<ICredentialDataDecryptedObject> {
	if (!('getRequestObject' in context)) return await context.getCredentials('klingApi');
	const reading = ofWebhooks.get(context) ?? context.getCredentials('klingApi');
	ofWebhooks.set(context, reading);
	return await reading;
}

/**
 * The address of the credential that the node uses.
 * @throws NodeOperationError where the credential cannot be used
 */
export async function baseUrlOf(context: KlingContext): Promise<string> {
	return checkedBaseUrl(context, await credentialsOf(context));
}

/** @throws NodeOperationError where the credential cannot be used */
export function checkedBaseUrl(
	context: KlingContext,
	credentials: ICredentialDataDecryptedObject,
): string {
	try {
		return readCredential(credentials).baseUrl;
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}
