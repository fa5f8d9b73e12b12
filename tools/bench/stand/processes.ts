import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time and memory of a process group: Linux only. */

/** Fields of /proc/<pid>/stat, counted from the one after the command's closing bracket. */
const GROUP = 2;
/** utime, stime, and those of children that have ended. */
const TIMES = [11, 12, 13, 14];

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function statOf(processId: string): string[] | undefined {
	try {
		const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
		return text.slice(text.lastIndexOf(')') + 2).split(' ');
	} catch {
		// It has ended in the meantime.
		return undefined;
	}
}

function membersOf(group: number): Array<{ processId: string; stat: string[] }> {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map((processId) => ({ processId, stat: statOf(processId) ?? [] }))
		.filter(({ stat }) => Number(stat[GROUP]) === group);
}

/** Milliseconds of CPU that the group has used so far; ended children included. */
export function cpuMsOf(group: number): number {
	const ticks = membersOf(group).flatMap(({ stat }) => TIMES.map((place) => Number(stat[place])));
	return (ticks.reduce((sum, one) => sum + one, 0) * 1000) / ticksPerSecond;
}

/** Resident memory of the group's largest process, which is n8n itself, in MB. */
export function rssMbOf(group: number): number {
	const sizes = membersOf(group).map(({ processId }) => {
		const status = readFileSync(`/proc/${processId}/status`, 'utf8');
		return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
	});
	return Math.max(...sizes);
}
