import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { PACKAGE_NAME } from '../../../test/support/n8n';
import type { Bench } from '../bench';
import { median, ratioOfRounds, short } from '../numbers';
import { compared, interleaved, withTarget, type Scenario } from '../scenario';

const run = promisify(execFile);

/** Prints how many milliseconds loading takes in a process that has already loaded the libraries of n8n. */
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
		"The size is that of the tarball that npm would publish. Loading is measured in a new process each time. It loads n8n's libraries first, then either the three nodes and the credential of this package, or the HTTP Request node alone; only the second step counts.",
	async run(bench) {
		const { packedKb, unpackedKb } = await sizes(bench);
		const folder = await bench.userFolder();
		const ours = join(folder, '.n8n/nodes/node_modules', PACKAGE_NAME, 'dist');
		const builtIn = join(dirname(bench.n8n.script), '../../n8n-nodes-base/dist/nodes');
		const files = {
			ours: [
				join(ours, 'nodes/KlingAiMultiShot/KlingAiMultiShot.node.js'),
				join(ours, 'nodes/KlingAiMultiShot/KlingAiMultiShotTrigger.node.js'),
				join(ours, 'nodes/KlingElement/KlingElement.node.js'),
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
				compared({ what: 'Packed size', ours: `${short(packedKb)} kB`, theirs: '' }),
				compared({ what: 'Unpacked size', ours: `${short(unpackedKb)} kB`, theirs: '' }),
				withTarget(
					{
						what: 'CPU to load the nodes',
						ours: `${short(median(cpu('ours')))} ms`,
						theirs: `HTTP Request node: ${short(median(cpu('httpRequest')))} ms`,
						ratio,
					},
					ratio,
					1,
				),
				compared({
					what: 'Time to load the nodes',
					ours: `${short(median(loads.ours.map(({ wallMs }) => wallMs)))} ms`,
					theirs: `HTTP Request node: ${short(median(loads.httpRequest.map(({ wallMs }) => wallMs)))} ms`,
				}),
			],
			notes: [
				'The code is published as the compiler writes it, and the bundled libraries are not minified, so that reviewers can read it.',
			],
		};
	},
};
