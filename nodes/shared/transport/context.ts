import type { IExecuteFunctions, ILoadOptionsFunctions, IWebhookFunctions } from 'n8n-workflow';

/** The n8n contexts that send requests to Kling. */
export type KlingContext = IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions;
