import type { IWebhookFunctions } from 'n8n-workflow';

/**
 * Writes to n8n's log.
 * @param isForOwner a wrong clock and the like, which whoever runs n8n must see; anything that an unauthenticated caller
 * can trigger is logged at debug level
 */
export function logCallback(context: IWebhookFunctions, text: string, isForOwner: boolean): void {
	const line = `${context.getNode().name}: ${text}`;
	if (isForOwner) context.logger.warn(line);
	else context.logger.debug(line);
}
