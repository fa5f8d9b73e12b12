import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { childOf } from './child';

const MB = 1024 ** 2;
const LOOK_AGAIN_MS = 100;
const ANSWERS_WITHIN_MS = 60_000;

/** What n8n has to be started with, so that its memory can be read. */
export const memoryEnvironment = (file: string): Record<string, string> => ({
	NODE_OPTIONS: `--import ${pathToFileURL(join(__dirname, 'memoryProbe.ts')).href}`,
	MEMORY_FILE: file,
});

export interface Memory {
	rssMb: number;
	/** Of JavaScript, after a collection of garbage. */
	heapMb: number;
	/** Outside the heap, of buffers above all. */
	externalMb: number;
}

/** Of the n8n that a guard with this process id has started. */
export async function readMemory(guardId: number, file: string): Promise<Memory> {
	await rm(file, { force: true });
	process.kill(await childOf(guardId), 'SIGUSR2');
	for (const end = Date.now() + ANSWERS_WITHIN_MS; ; await pause(LOOK_AGAIN_MS)) {
		const text = await readFile(file, 'utf8').catch(() => '');
		if (text !== '') {
			const { rss, heapUsed, external } = JSON.parse(text) as NodeJS.MemoryUsage;
			return { rssMb: rss / MB, heapMb: heapUsed / MB, externalMb: external / MB };
		}
		if (Date.now() > end) throw new Error('n8n did not tell its memory');
	}
}
