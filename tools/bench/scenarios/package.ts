import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { PACKAGE_NAME } from '../../../test/support/n8n';
import type { Bench } from '../bench';
import { median, ratioOfRounds, short } from '../numbers';
import { interleaved, judged, told, type Scenario } from '../scenario';

const run = promisify(execFile);

/** Prints the milliseconds that loading takes in a process that has loaded what n8n itself loads anyway. */
const LOAD = `
	const [from, ...files] = process.argv.slice(1);
	const load = require('node:module').createRequire(from);
	load('n8n-workflow'); load('n8n-core'); load('axios'); load('luxon');
	const begin = process.cpuUsage();
	const at = process.hrtime.bigint();
	for (const file of files) load(file);
	const { user, system } = process.cpuUsage(begin);
	console.log(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: Number(process.hrtime.bigint() - at) / 1e6 }));
`;

interface Loading {
	cpuMs: number;
	wallMs: number;
}

async function sizes(bench: Bench): Promise<{ packedKb: number; unpackedKb: number }> {
	const { size } = await stat(bench.tarball);
	const { stdout } = await run('tar', ['-tvzf', bench.tarball]);
	const unpacked = stdout
		.trim()
		.split('\n')
		.map((line) => Number(line.trim().split(/\s+/)[2]));
	return {
		packedKb: size / 1000,
		unpackedKb: unpacked.reduce((total, bytes) => total + bytes, 0) / 1000,
	};
}

export const packageScenario: Scenario = {
	name: 'package',
	title: 'Size, and time to load',
	method:
		"The tarball that npm would publish. Loading: a process of its own each time, in which n8n's libraries are loaded already, then either both nodes and the credential of the package, or the HTTP Request node alone; CPU time of the process.",
	async run(bench) {
		const { packedKb, unpackedKb } = await sizes(bench);
		const folder = await bench.userFolder();
		const ours = join(folder, '.n8n/nodes/node_modules', PACKAGE_NAME, 'dist');
		const builtIn = join(dirname(bench.n8n.script), '../../n8n-nodes-base/dist/nodes');
		const files = {
			ours: [
				join(ours, 'nodes/KlingAiMultiShot/KlingAiMultiShot.node.js'),
				join(ours, 'nodes/KlingAiMultiShot/KlingAiMultiShotTrigger.node.js'),
				join(ours, 'credentials/KlingApi.credentials.js'),
			],
			httpRequest: [join(builtIn, 'HttpRequest/HttpRequest.node.js')],
		};
		const loads = await interleaved(
			bench,
			bench.quick ? 5 : 15,
			['ours', 'httpRequest'] as const,
			async (name): Promise<Loading> => {
				const { stdout } = await run(
					bench.n8n.nodeBinary,
					['-e', LOAD, bench.n8n.script, ...files[name]],
					{ env: { ...process.env, NODE_PATH: join(dirname(bench.n8n.script), '../..') } },
				);
				return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Loading;
			},
		);
		const cpu = (name: keyof typeof files) => loads[name].map(({ cpuMs }) => cpuMs);
		const ratio = ratioOfRounds(cpu('ours'), cpu('httpRequest'));
		return {
			lines: [
				told({ what: 'Packed size', ours: `${short(packedKb)} kB`, theirs: '' }),
				told({ what: 'Unpacked size', ours: `${short(unpackedKb)} kB`, theirs: '' }),
				judged(
					{
						what: 'CPU to load the nodes',
						ours: `${short(median(cpu('ours')))} ms`,
						theirs: `HTTP Request node: ${short(median(cpu('httpRequest')))} ms`,
						ratio,
					},
					ratio,
					1,
				),
				told({
					what: 'Time to load the nodes',
					ours: `${short(median(loads.ours.map(({ wallMs }) => wallMs)))} ms`,
					theirs: `HTTP Request node: ${short(median(loads.httpRequest.map(({ wallMs }) => wallMs)))} ms`,
				}),
			],
			notes: [
				'The code is published as the compiler writes it, and the inlined libraries are not minified: reviewers read it.',
			],
		};
	},
};
