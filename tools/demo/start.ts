import { join, relative, resolve } from 'node:path';

import type { Owner } from '../../test/support/n8n';
import { runToEnding, type Ending } from './ending';
import { openN8n } from './n8n';
import { HELP, readOptions, type Options } from './options';
import { agreeToPrice, keysFrom } from './real';
import { forgetRealKeys, putExample, runExample } from './run';
import { localKling, realKling } from './target';

/** `LOCAL_N8N_DATA` puts n8n's data and the images elsewhere. */
const DATA = resolve(process.env['LOCAL_N8N_DATA'] ?? join(__dirname, '../../.n8n-local'));

const say = (line: string): void => console.log(line);

async function main(options: Options, ending: Ending): Promise<void> {
	const keys = options.real ? keysFrom(process.env) : undefined;
	if (keys !== undefined) await agreeToPrice(options.yes, ending.signal);

	const { api, baseUrl, owner } = await openN8n(DATA, ending);
	const target = keys === undefined ? await localKling() : realKling(keys);
	ending.add(target.close);
	await forgetRealKeys(api);
	ending.add(async () => await forgetRealKeys(api));
	const workflow = await putExample(api, target);
	const executionId = await runExample(api, workflow, relative('.', join(DATA, 'images')));
	if (target.remark !== undefined) say(`\n${target.remark}`);
	if (options.real) await forgetRealKeys(api);
	if (options.once) return;
	const address = `${baseUrl}/workflow/${workflow.id}`;
	showEditor(address, executionId, owner);
	if (options.real)
		say('The real keys were removed from this n8n again: no further run can spend money.');
	say('Ctrl-C ends n8n and the local Kling.');
	await ending.wait();
}

function showEditor(address: string, executionId: string, { email, password }: Owner): void {
	say(`\nThe editor is open at ${address}`);
	say(`This run, with its images, is at ${address}/executions/${executionId}`);
	say(`  email     ${email}`);
	say(`  password  ${password}`);
}

void runToEnding(async (ending) => {
	const options = readOptions(process.argv.slice(2));
	if (options.help) say(HELP);
	else await main(options, ending);
});
