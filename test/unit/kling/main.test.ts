import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const KLING = ['--import', 'tsx', 'test/kling/main.ts'];
const started: ChildProcess[] = [];
/** Whatever a failed test left. */
const processIds: number[] = [];
afterAll(() => {
	for (const child of started) child.kill('SIGKILL');
	for (const id of processIds) {
		try {
			process.kill(id, 'SIGKILL');
		} catch {
			// It ended, as it should.
		}
	}
});

function run(nodeArguments: string[], stdio: StdioOptions): ChildProcess {
	const child = spawn(process.execPath, nodeArguments, { cwd: ROOT, stdio });
	started.push(child);
	return child;
}

/** What it printed, once it listens. */
async function printed(child: ChildProcess): Promise<string> {
	let output = '';
	return await new Promise((done, fail) => {
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			if (output.includes('Ctrl-C')) done(output);
		});
		child.once('close', () => fail(new Error(`It ended: ${output}`)));
	});
}

const baseUrlIn = (output: string) => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
const isListening = async (baseUrl: string) =>
	await fetch(baseUrl).then(
		() => true,
		() => false,
	);

it('says where it listens and that views are stand-ins; ends when standard input closes', async () => {
	const child = run(KLING, ['pipe', 'pipe', 'inherit']);
	const output = await printed(child);
	expect(output).toContain('The views are stand-ins');
	const baseUrl = baseUrlIn(output);
	const image = /^ +Image +(http\S+)$/m.exec(output)?.[1] ?? '';
	expect((await fetch(image)).status).toBe(200);
	expect(await isListening(baseUrl)).toBe(true);
	const ended = once(child, 'close');
	child.stdin?.end();
	expect(await ended).toEqual([0, null]);
	expect(await isListening(baseUrl)).toBe(false);
});

it('ends when its parent is killed, though standard input is /dev/null', async () => {
	const parent = run(
		[
			'-e',
			`const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify(KLING)}, { stdio: ['ignore', 'inherit', 'inherit'] });
			console.log('process ' + child.pid);`,
		],
		['ignore', 'pipe', 'inherit'],
	);
	const output = await printed(parent);
	processIds.push(Number(/process (\d+)/.exec(output)?.[1]));
	const baseUrl = baseUrlIn(output);
	expect(await isListening(baseUrl)).toBe(true);
	const closed = once(parent, 'close');
	parent.kill('SIGKILL');
	// The pipe that both wrote to closes only when both are gone.
	await closed;
	expect(await isListening(baseUrl)).toBe(false);
});
