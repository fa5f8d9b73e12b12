import {
	NodeOperationError,
	UserError,
	type ICredentialDataDecryptedObject,
	type IHookFunctions,
} from 'n8n-workflow';
import { resolveBaseUrl } from './baseUrl';
import type { KlingContext } from './context';
import { recent } from '../lib/expiringMap';
import { signingKeys, type SigningKeys } from './signature';
import { asText } from '../lib/values';

const MOST_CREDENTIALS = 1_000;
/** From a create to the last callback of its task, as a rule. */
const KEYS_KNOWN_MS = 2 * 60_000;

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

type Reader = KlingContext | IHookFunctions;

/** For n8n each reading by a webhook costs an isolate of its expression engine, 80 ms of CPU: one serves a callback. */
const ofWebhooks = new WeakMap<Reader, Promise<ICredentialDataDecryptedObject>>();

/** So that most callbacks need no reading at all. */
const lately = recent<SigningKeys | 'none'>(MOST_CREDENTIALS, KEYS_KNOWN_MS);

/** The credential that the node uses, as it is now. */
export async function credentialsOf(context: Reader): Promise<ICredentialDataDecryptedObject> {
	const reading = ofWebhooks.get(context) ?? read(context);
	if ('getRequestObject' in context) ofWebhooks.set(context, reading);
	return await reading;
}

/**
 * What Kling signed with a moment ago: `none` where the credential had no Webhook Secret, undefined where nothing is
 * known. Enough to let a callback in; to refuse one, the credential is to be read.
 */
export function recentSigningKeys(context: Reader): SigningKeys | 'none' | undefined {
	return lately.get(placeOf(context));
}

async function read(context: Reader): Promise<ICredentialDataDecryptedObject> {
	const place = placeOf(context);
	const reading = context.getCredentials('klingApi');
	void reading.catch(() => lately.delete(place));
	const credentials = await reading;
	// A list in the editor is loaded for a node as the browser sends it.
	const isRun = !('getCurrentNodeParameters' in context);
	if (isRun) lately.set(place, signingKeys(credentials) ?? 'none');
	return credentials;
}

/** By workflow, too: fields of a credential may hold expressions, which an execution resolves by its own data. */
function placeOf(context: Reader): string {
	const { klingApi } = context.getNode().credentials ?? {};
	return `${context.getWorkflow().id} ${klingApi?.id}`;
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
