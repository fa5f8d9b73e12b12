/**
 * Runs a command as its child and ends it, with all that it started, when whoever started the guard is gone, even by
 * kill -9: the pipe on standard input closes then. Node 24 runs this file as it is, without a compiler.
 */
import { spawn } from 'node:child_process';

const ENOUGH_TIME_MS = 15_000;

const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) throw new Error('No command');
const child = spawn(command, commandArguments, { stdio: ['ignore', 'inherit', 'inherit'] });
let isAlone = false;

function killGroup(): void {
	process.kill(-process.pid, 'SIGKILL');
}

function end(): void {
	isAlone = true;
	child.kill('SIGTERM');
	setTimeout(killGroup, ENOUGH_TIME_MS);
}

process.stdin.once('end', end).once('error', end).resume();
// The group gets SIGTERM as a whole: the child has its own, and the guard stays to pass on how it ended.
process.on('SIGTERM', () => undefined);
child.once('error', (error) => {
	console.error(String(error));
	process.exit(127);
});
child.once('exit', (code) => (isAlone ? killGroup() : process.exit(code ?? 1)));
