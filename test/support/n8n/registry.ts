import { chmod, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { cacheFolder, fillOnce } from './cache';
import { cleanEnvironment } from './environment';
import { spawnGuarded } from './guarded';
import { installNode } from './install';
import { lastLines, runNpm } from './npm';
import { freePort } from './ports';
import { processGroup } from './processGroup';
import { withProgress, type Report } from './progress';

const VERDACCIO = '6.8.0';
const READY_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/** No uplinks: it knows what was published to it, and asks nobody. */
const SETTINGS = `
storage: ./storage
uplinks: {}
packages:
  '**': { access: $all, publish: $all, unpublish: $all }
log: { type: stdout, format: pretty, level: warn }
`;

/** An npm registry on loopback. */
export interface Registry {
	publish: (tarball: string) => Promise<void>;
	/** Holds an `npm` that asks this registry alone; first in PATH it is the one that n8n runs. */
	npmFolder: string;
	stop: () => Promise<unknown>;
}

async function installVerdaccio(report: Report, nodeBinary: string): Promise<string> {
	const folder = join(cacheFolder(), `verdaccio-${VERDACCIO}`);
	await fillOnce(folder, report, async (partial) => {
		const contents = {
			private: true,
			dependencies: { verdaccio: VERDACCIO },
			// The version that it names is not to be had everywhere.
			overrides: { 'node-fetch': '2.7.0' },
		};
		await writeFile(join(partial, 'package.json'), JSON.stringify(contents));
		await withProgress(`Fetching Verdaccio ${VERDACCIO} (60 MB, once)`, report, async () => {
			await runNpm(['install', '--ignore-scripts'], { folder: partial, nodeBinary });
		});
	});
	return join(folder, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
}

/** npm takes a proxy for https on its way to loopback, too. */
const settingsOf = (url: string): string[] => [`--registry=${url}`, '--noproxy=127.0.0.1'];

/** n8n names the public registry on npm's command line; of two the last one counts. */
async function writeNpm(folder: string, url: string): Promise<void> {
	const file = join(folder, 'npm');
	await mkdir(folder, { recursive: true });
	await writeFile(
		file,
		`#!/bin/sh\nPATH="\${PATH#*:}" exec npm "$@" ${settingsOf(url).join(' ')}\n`,
	);
	await chmod(file, 0o755);
}

/** Starts a registry that keeps its packages in `folder`. */
export async function startRegistry(folder: string, report: Report): Promise<Registry> {
	const nodeBinary = await installNode(report);
	const script = await installVerdaccio(report, nodeBinary);
	const host = `127.0.0.1:${await freePort()}`;
	const url = `http://${host}/`;
	const npmFolder = join(folder, 'bin');
	const settingsFile = join(folder, 'verdaccio.yaml');
	const logFile = join(folder, 'verdaccio.log');
	await writeNpm(npmFolder, url);
	await writeFile(settingsFile, SETTINGS);
	const log = await open(logFile, 'a');
	const command = [nodeBinary, script, '--config', settingsFile, '--listen', host];
	const environment = cleanEnvironment();
	const output: [number, number] = [log.fd, log.fd];
	const server = processGroup(spawnGuarded(command, { nodeBinary, folder, environment, output }));
	await log.close();
	for (const end = Date.now() + READY_WITHIN_MS; !(await answers(`${url}-/ping`));) {
		if (server.isOver() || Date.now() > end) {
			await server.kill();
			throw new Error(`Verdaccio did not start:\n${lastLines(await readFile(logFile, 'utf8'))}`);
		}
		await pause(LOOK_AGAIN_MS);
	}
	return {
		npmFolder,
		async publish(tarball) {
			// npm does not publish without a token, and this registry takes any.
			const access = [...settingsOf(url), `--//${host}/:_authToken=anybody`];
			await runNpm(['publish', tarball, '--ignore-scripts', ...access], { folder, nodeBinary });
		},
		stop: server.stop,
	};
}

async function answers(url: string): Promise<boolean> {
	return await fetch(url).then(
		({ ok }) => ok,
		() => false,
	);
}
