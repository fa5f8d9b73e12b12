import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface JestRun {
	passed: number;
	/** Full names of the tests that went red. */
	failed: string[];
	/** Test files that could not run at all, with the reason. */
	broken: string[];
}

/** The part that is read of what jest writes with --json. */
export interface JestReport {
	testResults: Array<{
		name: string;
		message: string;
		status: string;
		assertionResults: Array<{ fullName: string; status: string }>;
	}>;
}

/** A patch may make the source wait for ever; this ends the wait. */
const TIMEOUT_MS = 300_000;

/** Runs test files in the folder of a package, with one process unless `workers` says more. */
export async function runJest(
	folder: string,
	tests: string[],
	{ only, workers = 1 }: { only?: string | undefined; workers?: number } = {},
): Promise<JestRun> {
	const output = join(folder, 'jest-report.json');
	const parameters = [
		'node_modules/jest/bin/jest.js',
		...['--json', '--outputFile', output, '--silent', '--forceExit', '--watchman=false'],
		...['--cacheDirectory', join(folder, '..', 'jest-cache')],
		...(workers === 1 ? ['--runInBand'] : ['--maxWorkers', String(workers)]),
		...(only === undefined ? [] : ['--testNamePattern', only]),
		...['--runTestsByPath', ...tests],
	];
	rmSync(output, { force: true });
	const printed = await run(process.execPath, parameters, folder);
	try {
		return readReport(JSON.parse(readFileSync(output, 'utf8')) as JestReport);
	} catch {
		return { passed: 0, failed: [], broken: [`jest gave no report: ${printed.slice(-500)}`] };
	}
}

export function readReport({ testResults }: JestReport): JestRun {
	const results = testResults.flatMap(({ assertionResults }) => assertionResults);
	return {
		passed: results.filter(({ status }) => status === 'passed').length,
		failed: results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
		broken: testResults
			.filter(
				({ assertionResults, status }) => status === 'failed' && assertionResults.length === 0,
			)
			.map(({ message, name }) => `${name}: ${message.split('\n').slice(0, 12).join('\n')}`),
	};
}

/** Jest ends with 1 when a test is red, so what it printed is wanted in both cases. */
async function run(file: string, parameters: string[], cwd: string): Promise<string> {
	const env = { ...process.env, NODE_ENV: 'test', FORCE_COLOR: '0' };
	return await new Promise((resolve) => {
		execFile(
			file,
			parameters,
			{ cwd, env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
			(_error, stdout, stderr) => {
				resolve(stdout + stderr);
			},
		);
	});
}
