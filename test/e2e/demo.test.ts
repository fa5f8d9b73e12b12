import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { startKling } from '../kling';
import { cleanEnvironment } from '../support/n8n';

const ROOT = resolve(__dirname, '../..');

interface Outcome {
	exitCode: number | null;
	output: string;
}

let dataFolder: string;
beforeAll(async () => {
	dataFolder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-demo-'));
});
afterAll(async () => await rm(dataFolder, { recursive: true, force: true }));

async function npmStart(
	flags: string[],
	environment: Record<string, string> = {},
): Promise<Outcome> {
	const child = spawn(process.execPath, ['--import', 'tsx', 'tools/demo/start.ts', ...flags], {
		cwd: ROOT,
		env: cleanEnvironment({ LOCAL_N8N_DATA: dataFolder, ...environment }),
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const exitCode = await new Promise<number | null>((done) => child.once('close', done));
	return { exitCode, output };
}

const savedImages = async (): Promise<string[]> =>
	(await readdir(join(dataFolder, 'images'), { recursive: true })).filter((name) =>
		name.endsWith('.png'),
	);

it('npm start -- --once runs the job and ends; a second start uses the same data', async () => {
	const first = await npmStart(['--once']);
	expect(first).toMatchObject({ exitCode: 0 });
	expect(first.output).toMatch(/completed +true/);
	expect(await savedImages()).toHaveLength(9);
	const second = await npmStart(['--once']);
	expect(second.exitCode).toBe(0);
	expect(await savedImages()).toHaveLength(18);
}, 180_000);

it.each([
	['a flag that is not known', ['--fast'], {}, /--fast/],
	['--real without keys', ['--real', '--yes'], {}, /KLING_ACCESS_KEY/],
	['--real without a terminal to ask at', ['--real'], { KLING_API_KEY: 'x' }, /Nothing was spent/],
	['--yes without --real', ['--yes'], {}, /--real/],
])('%s is refused', async (_case, flags, environment, reason) => {
	const { exitCode, output } = await npmStart(flags, environment);
	expect(exitCode).toBe(1);
	expect(output).toMatch(reason);
});

it('--real sends the image itself, makes one task, and leaves no keys in n8n', async () => {
	const kling = await startKling({ mode: 'auto', durationMs: [500, 1_000] });
	const { exitCode, output } = await npmStart(['--once', '--real', '--yes'], {
		KLING_API_KEY: kling.apiKey,
		KLING_BASE_URL: kling.baseUrl,
	});
	expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
	expect(output).toContain('$0.07');
	expect(output).not.toContain(kling.apiKey);
	expect(kling.counters.tasksCharged).toBe(1);
	expect(kling.requests.some(({ operation }) => operation === 'file')).toBe(false);
	await kling.close();
}, 120_000);
