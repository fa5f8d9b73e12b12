import { spawn } from 'node:child_process';

/**
 * `npm test`: all checks and tests, in two lanes for two cores. Tests mostly wait, so that lint runs beside them.
 * What stands behind `npm test --` goes to jest.
 */
interface Phase {
	/** A script of package.json, or `jest`. */
	name: string;
	command: string;
	parameters: string[];
	/** Its output is shown as it comes; that of all others only when they fail. */
	live?: true;
}

interface Result {
	name: string;
	/** `skipped`: what it needs has failed. */
	state: 'passed' | 'failed' | 'skipped';
	output: string;
}

const script = (name: string): Phase => ({
	name,
	command: 'npm',
	parameters: ['run', '--silent', name],
});

/** The same worlds each time, as many as take no longer than the tests beside them. */
const simulation = (name: string, ...parameters: string[]): Phase => ({
	name,
	command: 'npm',
	parameters: ['run', '--silent', 'test:sim', '--', ...parameters],
});

const jest: Phase = {
	name: 'jest',
	command: 'jest',
	parameters: [
		...process.argv.slice(2),
		// Last, as jest takes the words after it for reporters, too.
		'--reporters=default',
		'--reporters=./tools/test/slowest.js',
	],
	live: true,
};

/** In a lane each phase needs the ones before it, or only comes after them. */
const LANES: Array<{ phases: Phase[]; stopsAtFailure: boolean }> = [
	// Some tests are about the build.
	{ phases: [script('build'), jest], stopsAtFailure: true },
	{
		phases: [
			...[
				'typecheck',
				'lint:code',
				'lint:imports',
				'lint:format',
				'lint:spelling',
				'lint:words',
			].map(script),
			simulation('simulation', '--worlds', '2000'),
			simulation('simulation on the engine', '--engine', '--worlds', '40'),
		],
		stopsAtFailure: false,
	},
];

async function runPhase({ name, command, parameters, live }: Phase): Promise<Result> {
	const startedAt = Date.now();
	const output: Buffer[] = [];
	const child = spawn(command, parameters, {
		stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
	});
	child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
	child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
	const code = await new Promise<number | null>((resolve) => {
		child.on('error', (error) => {
			output.push(Buffer.from(String(error)));
			resolve(null);
		});
		child.on('close', resolve);
	});
	const state = code === 0 ? 'passed' : 'failed';
	console.error(`${name} ${state} after ${seconds(startedAt)}`);
	return { name, state, output: Buffer.concat(output).toString() };
}

async function runLane({ phases, stopsAtFailure }: (typeof LANES)[number]): Promise<Result[]> {
	const results: Result[] = [];
	for (const phase of phases) {
		const isBlocked = stopsAtFailure && results.some(({ state }) => state !== 'passed');
		results.push(
			isBlocked ? { name: phase.name, state: 'skipped', output: '' } : await runPhase(phase),
		);
	}
	return results;
}

function seconds(since: number): string {
	return `${Math.round((Date.now() - since) / 1000)} s`;
}

async function main(): Promise<void> {
	const startedAt = Date.now();
	const results = (await Promise.all(LANES.map(runLane))).flat();
	const bad = results.filter(({ state }) => state !== 'passed');
	for (const { name, output } of bad) if (output) console.error(`\n--- ${name} ---\n${output}`);
	console.error(
		bad.length === 0
			? `\nAll passed in ${seconds(startedAt)}.`
			: `\nNot passed: ${bad.map(({ name, state }) => `${name} (${state})`).join(', ')}. ${seconds(startedAt)}.`,
	);
	process.exitCode = bad.length === 0 ? 0 : 1;
}

void main();
