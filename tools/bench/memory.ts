import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { makeImage, startKling } from '../../test/kling';
import { startEngine } from '../../test/support/engine';

/** Peak memory of ten creates with large binary images, beyond ten with tiny ones: each in its own process, Kling in another. */

const ITEMS = 10;
const IMAGE_BYTES = 9.9 * 1024 * 1024;

interface Run {
	name: string;
	bytes: number;
	maxConcurrent: number;
}

const RUNS: Run[] = [
	{ name: 'ten tiny images', bytes: 0, maxConcurrent: 5 },
	{ name: 'ten of 9.9 MB, 1 at a time', bytes: IMAGE_BYTES, maxConcurrent: 1 },
	{ name: 'ten of 9.9 MB, 5 at a time (default)', bytes: IMAGE_BYTES, maxConcurrent: 5 },
	{ name: 'ten of 9.9 MB, 10 at a time', bytes: IMAGE_BYTES, maxConcurrent: 10 },
];

async function create(baseUrl: string, apiKey: string, run: Run): Promise<void> {
	const credentials = {
		klingApi: { authentication: 'apiKey', apiKey, region: 'custom', baseUrl },
	};
	const engine = await startEngine({ nodeTypes: 'dist', credentials });
	const content = await makeImage({ width: 300, height: 300, minimumBytes: run.bytes });
	const items = [];
	for (let item = 0; item < ITEMS; item++)
		items.push({
			json: {},
			binary: { data: await engine.binary({ content, mimeType: 'image/png' }) },
		});
	const result = await engine.runNode({
		items,
		parameters: {
			operation: 'create',
			imageSource: 'binary',
			waitForCompletion: false,
			options: { maxConcurrent: run.maxConcurrent },
		},
	});
	engine.stop();
	if (result.error) throw new Error(result.error.message);
	process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
}

async function inOwnProcess(baseUrl: string, apiKey: string, run: Run): Promise<number> {
	const argument = JSON.stringify({ baseUrl, apiKey, run });
	const child = spawn(process.execPath, [...process.execArgv, __filename, argument], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let text = '';
	child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
	const [status] = (await once(child, 'close')) as [number];
	if (status !== 0) throw new Error(`${run.name}: the process ended with ${status}`);
	return Number(text);
}

async function main(): Promise<void> {
	const kling = await startKling({ mode: 'auto' });
	try {
		let base = NaN;
		for (const run of RUNS) {
			const peak = await inOwnProcess(kling.baseUrl, kling.apiKey, run);
			if (run.bytes === 0) base = peak;
			const over =
				run.bytes === 0 ? '' : `, ${(peak - base).toFixed(0)} MB more than the tiny ones`;
			console.log(`${run.name}: peak ${peak.toFixed(0)} MB${over}`);
		}
	} finally {
		await kling.close();
	}
}

const [argument] = process.argv.slice(2);
if (argument === undefined) void main();
else {
	const { baseUrl, apiKey, run } = JSON.parse(argument) as {
		baseUrl: string;
		apiKey: string;
		run: Run;
	};
	void create(baseUrl, apiKey, run);
}
