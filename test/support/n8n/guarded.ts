import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const GUARD = join(__dirname, 'guard.ts');

export interface GuardedOptions {
	/** A Node from 24 on, which runs guard.ts. */
	nodeBinary: string;
	folder: string;
	environment: NodeJS.ProcessEnv;
	/** Standard output and error. */
	output: ['pipe', 'pipe'] | [number, number];
}

/** A child in a process group of its own that does not outlive this process. */
export function spawnGuarded(command: string[], options: GuardedOptions): ChildProcess {
	return spawn(options.nodeBinary, ['--no-warnings', GUARD, ...command], {
		cwd: options.folder,
		env: options.environment,
		stdio: ['pipe', ...options.output],
		detached: true,
	});
}
