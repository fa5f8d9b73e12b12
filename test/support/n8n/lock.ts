import { open, readFile, rm, stat, utimes } from 'node:fs/promises';

const HEARTBEAT_MS = 5_000;
/** A lock that nobody touched for so long belongs to a run that was killed, or to another one's process id. */
const STALE_AFTER_MS = 30_000;

export type Locked = { release: () => Promise<void> } | { holder: number };

const codeOf = (error: unknown): unknown =>
	error instanceof Error && 'code' in error ? error.code : undefined;

function isAlive(processId: number): boolean {
	try {
		process.kill(processId, 0);
		return true;
	} catch (error) {
		return codeOf(error) === 'EPERM';
	}
}

/** The process that holds the lock; null when it was released or its holder is no longer there. */
async function holderOf(path: string): Promise<number | null> {
	try {
		const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
		const holder = Number(text);
		const isFresh = Date.now() - mtimeMs < STALE_AFTER_MS;
		// The file is empty for an instant while it is being written.
		return isFresh && (holder === 0 || isAlive(holder)) ? holder : null;
	} catch {
		return null;
	}
}

async function create(path: string): Promise<boolean> {
	try {
		const file = await open(path, 'wx');
		await file.writeFile(String(process.pid));
		await file.close();
		return true;
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
		throw error;
	}
}

/** Takes the lock file for this process, also from a run that was killed, or says which process holds it. */
export async function lock(path: string): Promise<Locked> {
	while (!(await create(path))) {
		const holder = await holderOf(path);
		if (holder !== null) return { holder };
		await rm(path, { force: true });
	}
	const heartbeat = setInterval(() => {
		void utimes(path, new Date(), new Date()).catch(() => undefined);
	}, HEARTBEAT_MS).unref();
	return {
		async release() {
			clearInterval(heartbeat);
			await rm(path, { force: true });
		},
	};
}
