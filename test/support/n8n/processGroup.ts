import type { ChildProcess } from 'node:child_process';

const STOP_WITHIN_MS = 10_000;

/** A child that was started detached, with all that it starts itself. */
export interface ProcessGroup {
	processId: number;
	/** Ends it in good order, by force after 10 s. Gives the exit code. */
	stop: () => Promise<number | null>;
	/** kill -9, as a crash would. */
	kill: () => Promise<void>;
	/** Resolves with the exit code when it is gone, for whatever reason. */
	ended: Promise<number | null>;
	isOver: () => boolean;
}

/** The `child` must have been started with `detached: true`. */
export function processGroup(child: ChildProcess): ProcessGroup {
	child.once('error', () => undefined);
	const processId = child.pid;
	if (processId === undefined) throw new Error(`${child.spawnfile} could not be started`);
	const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
	const signalAll = (signal: NodeJS.Signals): void => {
		try {
			process.kill(-processId, signal);
		} catch {
			// Nobody is left in the group.
		}
	};
	const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
	return {
		processId,
		ended,
		isOver,
		async kill() {
			signalAll('SIGKILL');
			await ended;
		},
		async stop() {
			signalAll('SIGTERM');
			const timer = setTimeout(() => signalAll('SIGKILL'), STOP_WITHIN_MS);
			const exitCode = await ended;
			clearTimeout(timer);
			signalAll('SIGKILL');
			return exitCode;
		},
	};
}
