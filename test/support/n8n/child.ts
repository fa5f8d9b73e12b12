import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The process that a guard with this process id runs. */
export async function childOf(processId: number): Promise<number> {
	const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
	const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
	const child = rows.find(([, parent]) => parent === processId)?.[0];
	if (child === undefined) throw new Error(`Process ${processId} has no child`);
	return child;
}
