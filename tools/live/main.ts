import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openApi, type Task } from './api';
import { listenForCallbacks } from './callbacks';
import { askForFree, noteOrder } from './free';
import { openNotebook, type Notebook } from './notebook';
import { HELP, readOptions, type Options } from './options';
import { noteImages } from './images';
import { make, makeAgain, noteEnd, noteForm, watch, type Wanted } from './task';

type Say = (line: string) => void;

const IMAGE = join(__dirname, '../../docs/images/product-front.png');
const POLL_MS = 3_000;

/** One task at Kling, and a table of what was seen. Gives the exit code; any request that is not free needs --spend. */
export async function live(
	commandArguments: string[],
	environment: NodeJS.ProcessEnv,
	print: Say,
	pollMs = POLL_MS,
): Promise<number> {
	let options: Options;
	try {
		options = readOptions(commandArguments, environment);
	} catch (error) {
		print(`${(error as Error).message}\n\n${HELP}`);
		return 2;
	}
	if (options.help) {
		print(HELP);
		return 0;
	}
	const say = hiding(options.keys, print);
	const notebook = openNotebook();
	try {
		await observe(options, notebook, say, pollMs);
		return 0;
	} catch (error) {
		say((error as Error).message);
		return 1;
	} finally {
		say(`\n${notebook.table()}`);
	}
}

async function observe(options: Options, notebook: Notebook, say: Say, pollMs: number) {
	const api = openApi(options.baseUrl, options.keys);
	await askForFree(api, notebook);
	const { callbackUrl, callbackPort, spendTwice } = options;
	const listener = callbackUrl === undefined ? undefined : await listenForCallbacks(callbackPort);
	try {
		const wanted: Wanted = {
			element_frontal_image: await readFile(IMAGE, 'base64'),
			external_task_id: `live-${Date.now()}`,
			...(callbackUrl !== undefined && { callback_url: callbackUrl }),
		};
		const made = await make(api, wanted);
		say(`Task ${String(made.task_id)}, external id ${wanted.external_task_id}`);
		noteForm(made, notebook);
		if (spendTwice) await makeAgain(api, made, wanted, notebook);
		const ended = await watch(api, made, wanted.external_task_id, notebook, pollMs);
		sayEnd(ended, say);
		noteForm(ended, notebook);
		noteEnd(ended, wanted.external_task_id, notebook);
		await noteOrder(api, notebook);
		await noteImages(ended, notebook);
		await listener?.noteCallbacks(notebook, say);
	} finally {
		listener?.close();
	}
}

function sayEnd({ task_status, task_status_msg = '', final_unit_deduction }: Task, say: Say) {
	const charge = final_unit_deduction ?? 'an unknown number of';
	say(`Ended: ${task_status} ${task_status_msg}`.trim() + `, ${String(charge)} units`);
}

/** Whatever Kling says back, no key is printed. */
function hiding({ accessKey, secretKey, apiKey }: Record<string, string>, print: Say): Say {
	const secrets = [accessKey, secretKey, apiKey].filter((secret) => secret !== undefined);
	return (line) => print(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), line));
}

if (require.main === module) {
	void live(process.argv.slice(2), process.env, (line) => console.log(line)).then((code) => {
		process.exitCode = code;
	});
}
