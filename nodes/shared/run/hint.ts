import type { IExecuteFunctions } from 'n8n-workflow';

/** Shown above the node's output. */
export function addHint(context: IExecuteFunctions, message: string): void {
	context.addExecutionHints({ location: 'outputPane', message });
}
