import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { freePort } from '../n8n/ports';
import { launch, type Server } from './launch';
import { findProgram } from './program';

export interface RedisOptions {
	folder: string;
	nodeBinary: string;
	/** Of an earlier one with this folder, whose data it takes over. */
	port?: number;
}

/** Redis on loopback, which writes each change to disk, as a queue wants it. */
export async function startRedis({ folder, nodeBinary, port }: RedisOptions): Promise<Server> {
	const program = await findProgram('redis-server', 'redis-server');
	const chosen = await freePort(port);
	await mkdir(folder, { recursive: true });
	const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
	return await launch({
		command: [program, '--bind', '127.0.0.1', '--port', `${chosen}`, '--dir', folder, ...settings],
		port: chosen,
		folder,
		logFile: join(folder, 'redis.log'),
		nodeBinary,
	});
}
