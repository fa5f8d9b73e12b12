/** A hint. @param reason as the end of "…, because …" */
export function pollingInstead(reason: string): string {
	return `The node polled instead of pausing, because ${reason}.`;
}
