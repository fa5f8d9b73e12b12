/**
 * Loaded into a process by --import: at SIGUSR2 it collects garbage and writes what is left to the file that
 * MEMORY_FILE names. Node 24 runs this file as it is, without a compiler.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
	collect();
	collect();
	const file = process.env['MEMORY_FILE'] ?? '';
	writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
	renameSync(`${file}.part`, file);
});
