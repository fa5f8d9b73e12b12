import { readFile } from 'node:fs/promises';

import { failureOf, outputOf, type Execution, type Item } from '../support/n8n';
import { klingNode, run } from './pausing';
import { place } from './shared';
import type { Stage } from './stage';

const SHOWN = 420;
/** A token of Kling's: its parts are base64 of JSON. */
const TOKEN = /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}/;

/** Prints what the user reads of an execution, shortened, and gives it whole: status, message, description. */
export function reads(scenario: string, execution: Execution): string {
	const text = `${execution.status}: ${failureOf(execution)}`;
	console.log(`${scenario}: reads "${text.slice(0, SHOWN)}${text.length > SHOWN ? ' …' : ''}"`);
	return text;
}

/** No key and no token of Kling's stands in the execution as n8n stores it, nor in n8n's log. */
export async function expectNoSecrets(
	{ kling }: Pick<Stage, 'kling'>,
	...executions: Execution[]
): Promise<void> {
	const texts = [await readFile(place().logFile, 'utf8'), JSON.stringify(executions)];
	for (const text of texts) {
		for (const key of [kling.accessKey, kling.secretKey, kling.apiKey])
			expect(text.includes(key)).toBe(false);
		expect(TOKEN.test(text)).toBe(false);
	}
}

/** Ids of what List Tasks outputs: what the user has in hand when nothing else names a task. */
export async function listed(stage: Stage): Promise<string[]> {
	const list = klingNode({ operation: 'list', returnAll: true });
	const execution = await stage.api.waitUntilFinished(await run(stage, list));
	return idsOf(outputOf(execution, 'Kling'));
}

export const idsOf = (items: Item[]): string[] =>
	items.map(({ json }) => json['task_id']).filter((id) => typeof id === 'string');

/** Ids of those tasks of the account that a text names. */
export const namedIn = (text: string, { kling }: Pick<Stage, 'kling'>): string[] =>
	kling.tasks.map(({ task_id }) => task_id).filter((id) => text.includes(id));
