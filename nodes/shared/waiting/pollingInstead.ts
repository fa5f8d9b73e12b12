import type { IExecuteFunctions } from 'n8n-workflow';

/** @param reason as the end of "…, because …" */
export function hintPollingInstead(context: IExecuteFunctions, reason: string): void {
	context.addExecutionHints({
		location: 'outputPane',
		message: `The node polled instead of pausing, because ${reason}.`,
	});
}
