/**
 * Runs a server as its child and ends it when whoever started the guard is gone, even by kill -9: the pipe on
 * standard input closes then. Node 24 runs this file as it is, without a compiler.
 */
import { spawn } from 'node:child_process';

const ENOUGH_TIME_MS = 15_000;

const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) throw new Error('No command');
const child = spawn(command, commandArguments, { stdio: ['ignore', 'inherit', 'inherit'] });

function end(): void {
	child.kill('SIGTERM');
	setTimeout(() => process.kill(-process.pid, 'SIGKILL'), ENOUGH_TIME_MS);
}

process.stdin.once('end', end).once('error', end).resume();
// The group gets SIGTERM as a whole: the child has its own, and the guard stays to pass on how it ended.
process.on('SIGTERM', () => undefined);
child.once('exit', (code) => process.exit(code ?? 1));
