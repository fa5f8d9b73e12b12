import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { freePort } from '../../support/n8n';

const ROOT = resolve(__dirname, '../../..');

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-offline-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** npm start with empty caches and a registry that nobody answers at. */
async function npmStartOffline(): Promise<{ exitCode: number | null; lines: string[] }> {
	const child = spawn(process.execPath, ['--import', 'tsx', 'tools/demo/start.ts', '--once'], {
		cwd: ROOT,
		env: {
			...process.env,
			LOCAL_N8N_DATA: join(folder, 'data'),
			LOCAL_N8N_CACHE: join(folder, 'cache'),
			npm_config_cache: join(folder, 'npm'),
			npm_config_registry: `http://127.0.0.1:${await freePort()}`,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const exitCode = await new Promise<number | null>((done) => child.once('close', done));
	return { exitCode, lines: output.split('\n').filter(Boolean) };
}

it('npm start says what it downloads, and offline ends with one clear line', async () => {
	const { exitCode, lines } = await npmStartOffline();
	expect(exitCode).toBe(1);
	expect(lines[0]).toMatch(/^n8n is downloaded once, about 2\.2 GB, into /);
	expect(lines.at(-1)).toMatch(/^npm cannot download \(ECONNREFUSED\): connect to the internet/);
	expect(lines.join('\n')).not.toMatch(/npm (error|ERR!)|\n\s+at /);
	expect(lines.filter((line) => !/^(n8n|Fetching) /.test(line))).toHaveLength(1);
	expect(await readdir(join(folder, 'cache'))).toEqual([]);
});
