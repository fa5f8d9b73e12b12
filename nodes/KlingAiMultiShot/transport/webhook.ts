import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { credentialsOf } from './credential';
import { refusedSignature, signingKeys, type RefusedSignature } from './signature';

/**
 * Whether Kling signed the request: `signed` is false where the credential has no Webhook Secret.
 * @throws where the credential cannot be read
 */
export async function checkSignature(
	context: IWebhookFunctions,
): Promise<{ signed: boolean } | { refused: RefusedSignature }> {
	const keys = signingKeys(await credentialsOf(context));
	if (!keys) return { signed: false };
	const { rawBody } = context.getRequestObject();
	const refused = refusedSignature({ headers: context.getHeaderData(), rawBody }, keys);
	return refused ? { refused } : { signed: true };
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
