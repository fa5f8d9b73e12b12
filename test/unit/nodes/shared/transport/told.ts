import { inspect } from 'node:util';
import type { Run } from '../../../../support/engine';

/** Message and description, as the user reads them in n8n; empty where nothing went wrong. */
export function told({ error }: Pick<Run, 'error'>): string {
	return error ? [error.message, error.description].join('\n') : '';
}

/** All that a run leaves behind, hidden properties and causes too: where a secret would be looked for. */
export function everythingOf(run: Run): string {
	return inspect([run.error, run.raw], {
		depth: Infinity,
		showHidden: true,
		maxStringLength: null,
	});
}
