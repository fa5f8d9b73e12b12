import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { credentialsOf, recentSigningKeys } from './credential';
import { refusedSignature, signingKeys, type RefusedSignature } from './signature';

/**
 * Whether Kling signed the request: `signed` is false where the credential has no Webhook Secret, or had none a moment
 * ago.
 * @param mayRemember false: the credential is read, whatever is known of it
 * @throws where the credential cannot be read
 */
export async function checkSignature(
	context: IWebhookFunctions,
	mayRemember = true,
): Promise<{ signed: boolean } | { refused: RefusedSignature }> {
	const { rawBody } = context.getRequestObject();
	const headers = context.getHeaderData();
	const request = { headers, rawBody };
	const known = mayRemember ? recentSigningKeys(context) : undefined;
	// A signature says that there is a secret now.
	const isSigned = headers['webhook-signature'] !== undefined;
	if (known === 'none' && !isSigned) return { signed: false };
	if (known && known !== 'none' && !refusedSignature(request, known)) return { signed: true };
	const keys = signingKeys(await credentialsOf(context));
	if (!keys) return { signed: false };
	const refused = refusedSignature(request, keys);
	return refused ? { refused } : { signed: true };
}

/** What anybody can bring about at will is told at debug level alone; a wrong clock and the like are for who looks after n8n. */
export function tellLog(context: IWebhookFunctions, text: string, isForOwner: boolean): void {
	const line = `${context.getNode().name}: ${text}`;
	if (isForOwner) context.logger.warn(line);
	else context.logger.debug(line);
}

/** Answers by itself: n8n's own answer is always 200. */
export function reply(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
