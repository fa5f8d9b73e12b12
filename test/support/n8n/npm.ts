import { spawn, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';

import { cleanEnvironment, pathStartingWith } from './environment';
import { spawnGuarded } from './guarded';

const LINES_SHOWN = 15;
/** npm's own 10 s and 60 s between its tries are long to wait for somebody who is offline. */
const RETRIES = [
	'--fetch-retries=3',
	'--fetch-retry-mintimeout=1000',
	'--fetch-retry-maxtimeout=5000',
];
const OFFLINE =
	/\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/;
const CAN_GUARD = Number(process.versions.node.split('.')[0]) >= 24;

export interface NpmOptions {
	folder: string;
	/** The Node that npm itself and the build scripts run on; from 24 on npm does not outlive this process. */
	nodeBinary: string;
	environment?: Record<string, string>;
}

/** What npm printed last, without the addresses that it talked to. */
export function lastLines(output: string, count = LINES_SHOWN): string {
	return output
		.replace(/\b[a-z]+:\/\/[^\s"')]+/gi, '<address>')
		.split('\n')
		.map((line) => line.trimEnd())
		.filter((line) => line !== '')
		.slice(-count)
		.join('\n');
}

function spawnNpm(npmArguments: string[], options: NpmOptions): ChildProcess {
	const { folder, nodeBinary } = options;
	const command = [
		'npm',
		...npmArguments,
		...RETRIES,
		'--no-audit',
		'--no-fund',
		'--no-update-notifier',
	];
	const environment = cleanEnvironment({
		PATH: pathStartingWith(dirname(nodeBinary)),
		...options.environment,
	});
	if (nodeBinary !== process.execPath || CAN_GUARD) {
		return spawnGuarded(command, { nodeBinary, folder, environment, output: ['pipe', 'pipe'] });
	}
	const [program = '', ...programArguments] = command;
	return spawn(program, programArguments, {
		cwd: folder,
		env: environment,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
}

/** Runs npm and gives its output. Throws with npm's last lines when it fails, and with one line when it reaches no registry. */
export async function runNpm(npmArguments: string[], options: NpmOptions): Promise<string> {
	const child = spawnNpm(npmArguments, options);
	const output = { all: '', standard: '' };
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		output.all += text;
		output.standard += text;
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		output.all += text;
	});
	const exitCode = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject).once('close', resolve);
	});
	if (exitCode !== 0) {
		const [offline] = OFFLINE.exec(output.all) ?? [];
		if (offline !== undefined) {
			throw new Error(
				`npm cannot download (${offline}): connect to the internet, or check npm's registry and proxy settings, and start again.`,
			);
		}
		throw new Error(
			`npm ${npmArguments.join(' ')} failed (exit code ${String(exitCode)}):\n${lastLines(output.all)}`,
		);
	}
	return output.standard;
}
