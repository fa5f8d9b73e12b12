import { spawn } from 'node:child_process';

import { cleanEnvironment, pathStartingWith } from './environment';

const LINES_SHOWN = 15;

export interface NpmOptions {
	folder: string;
	/** The folder of the `node` that npm itself and the build scripts run on. */
	nodeFolder: string;
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

/** Runs npm and gives its output. Throws with npm's last lines when it fails. */
export async function runNpm(npmArguments: string[], options: NpmOptions): Promise<string> {
	const environment = cleanEnvironment({
		PATH: pathStartingWith(options.nodeFolder),
		...options.environment,
	});
	const child = spawn('npm', [...npmArguments, '--no-audit', '--no-fund', '--no-update-notifier'], {
		cwd: options.folder,
		env: environment,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const endIt = (): void => void child.kill();
	process.once('exit', endIt);
	const output = { all: '', standard: '' };
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output.all += text;
		output.standard += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		output.all += text;
	});
	const exitCode = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject).once('close', resolve);
	});
	process.off('exit', endIt);
	if (exitCode !== 0) {
		throw new Error(
			`npm ${npmArguments.join(' ')} failed (exit code ${String(exitCode)}):\n${lastLines(output.all)}`,
		);
	}
	return output.standard;
}
