import { mkdir, open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { cleanEnvironment } from '../n8n/environment';
import { spawnGuarded } from '../n8n/guarded';
import { lastLines } from '../n8n/npm';
import { processGroup, type ProcessGroup } from '../n8n/processGroup';

const READY_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 50;

export interface Server extends ProcessGroup {
	/** On 127.0.0.1. */
	port: number;
}

export interface Launch {
	command: string[];
	port: number;
	folder: string;
	logFile: string;
	/** A Node from 24 on, which ends the server with this process. */
	nodeBinary: string;
}

/** Starts a server, which ends with this process, and returns when it listens. */
export async function launch(options: Launch): Promise<Server> {
	const { command, port, folder, logFile, nodeBinary } = options;
	await mkdir(dirname(logFile), { recursive: true });
	const log = await open(logFile, 'a');
	const group = processGroup(
		spawnGuarded(command, {
			nodeBinary,
			folder,
			environment: cleanEnvironment(),
			output: [log.fd, log.fd],
		}),
	);
	await log.close();
	for (
		const end = Date.now() + READY_WITHIN_MS;
		!(await listens(port));
		await pause(LOOK_AGAIN_MS)
	) {
		if (!group.isOver() && Date.now() < end) continue;
		await group.kill();
		const words = lastLines(await readFile(logFile, 'utf8'));
		throw new Error(`${command.join(' ')} did not come up. Its log ends with:\n${words}`);
	}
	return { port, ...group };
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
