import type { IExecuteFunctions, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { processMap } from './processMaps';
import { decryptedCredential, readWebhookSecrets, type KlingCredential } from './credential';
import {
	signatureRefusal,
	signingKeys,
	type RefusedSignature,
	type SigningKeys,
} from './signature';

interface Known {
	keys: Promise<SigningKeys | undefined>;
	/** Milliseconds of monotonic time. */
	readAt: number;
}

/** By workflow, too: fields of a credential may hold expressions, which an execution resolves with its own data. */
const recentKeys = processMap<Known>('signingKeys');

/** Forged callbacks must not make n8n read the credential at will: each read costs it 80 ms of CPU. */
const MIN_REREAD_MS = 1_000;

type Verdict = { signed: boolean } | { refused: RefusedSignature };

/**
 * Whether Kling signed the request: `signed` is false if the credential has no Webhook Secret, or had none within
 * the last two minutes. Cached secrets can accept a callback. Before one is refused, the credential is read again, at most
 * once a second.
 * @param mayRemember false: always read the credential
 * @throws if the credential cannot be read
 */
export async function checkSignature(
	context: IWebhookFunctions,
	mayRemember = true,
): Promise<Verdict> {
	const known = mayRemember ? recentKeys.get(placeOf(context)) : undefined;
	if (known) {
		const keys = await known.keys;
		const verdict = verify(context, keys);
		const isFresh = performance.now() - known.readAt < MIN_REREAD_MS;
		// A signed callback: a secret may have been added to the credential since.
		const isDoubtful = 'refused' in verdict || (!keys && isSigned(context));
		if (isFresh || !isDoubtful) return verdict;
	}
	return verify(context, await readKeys(context));
}

function verify(context: IWebhookFunctions, keys: SigningKeys | undefined): Verdict {
	if (!keys) return { signed: false };
	const { rawBody } = context.getRequestObject();
	const refused = signatureRefusal({ headers: context.getHeaderData(), rawBody }, keys);
	return refused ? { refused } : { signed: true };
}

function isSigned(context: IWebhookFunctions): boolean {
	return context.getHeaderData()['webhook-signature'] !== undefined;
}

async function readKeys(context: IWebhookFunctions): Promise<SigningKeys | undefined> {
	const place = placeOf(context);
	const keys = decryptedCredential(context).then((decrypted) =>
		signingKeys(readWebhookSecrets(decrypted)),
	);
	recentKeys.set(place, { keys, readAt: performance.now() });
	void keys.catch(() => recentKeys.delete(place));
	return await keys;
}

/** Caches the secrets of a credential that was read for a request to Kling, unless the cache is newer. */
export function rememberSigningKeys(
	context: IExecuteFunctions | IWebhookFunctions,
	{ webhookSecrets, readAt }: KlingCredential,
): void {
	const place = placeOf(context);
	if ((recentKeys.get(place)?.readAt ?? 0) >= readAt) return;
	recentKeys.set(place, { keys: Promise.resolve(signingKeys(webhookSecrets)), readAt });
}

function placeOf(context: IWebhookFunctions | IExecuteFunctions): string {
	const { klingApi } = context.getNode().credentials ?? {};
	return `${context.getWorkflow().id} ${klingApi?.id}`;
}

/** Answers the request itself: n8n's own answer is always 200. */
export function reply(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
