import type { IExecuteFunctions, ILoadOptionsFunctions, IWebhookFunctions } from 'n8n-workflow';

/** The n8n contexts that send requests to Kling. */
export type KlingContext = IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions;

/** Aborted when the user presses Stop; only an execution can be stopped. */
export function cancelSignal(context: KlingContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}
