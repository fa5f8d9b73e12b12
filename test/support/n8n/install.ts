import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cacheFolder, exists, fillOnce } from './cache';
import { runNpm } from './npm';
import { withProgress, type Report } from './progress';

/** The newest n8n that installs completely. */
export const CURRENT_N8N = '2.41.1';
export const NODE_MAJOR = 24;

export interface InstalledN8n {
	version: string;
	/** Path of n8n's start script, to be run by `nodeBinary`. */
	script: string;
	nodeBinary: string;
}

/** What npm needs to be told, by n8n's major version. */
interface Recipe {
	flags: string[];
	overrides: Record<string, string>;
}

const RECIPES: Record<number, Recipe> = {
	// It names an xlsx that lives outside the npm registry, and its LangChain packages lean on peers.
	1: { flags: [], overrides: { xlsx: '0.18.5' } },
	// Without peers a quarter less to fetch.
	2: { flags: ['--legacy-peer-deps'], overrides: {} },
};

function recipeFor(version: string): Recipe {
	const recipe = RECIPES[Number(version.split('.')[0])];
	if (recipe === undefined) throw new Error(`No recipe to install n8n ${version}`);
	return recipe;
}

async function writePrivatePackage(folder: string, version: string): Promise<void> {
	const contents = {
		name: 'local-n8n',
		private: true,
		dependencies: { n8n: version },
		overrides: recipeFor(version).overrides,
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(contents, null, '\t'));
}

/** The path of a Node that n8n runs on: the one at work when it is new enough, else one from the npm registry. */
export async function installNode(report: Report): Promise<string> {
	if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
	const platform = `${process.platform}-${process.arch}`;
	const packageName = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`;
	const folder = join(cacheFolder(), `node-${NODE_MAJOR}`);
	await fillOnce(folder, report, async (partial) => {
		await withProgress(`Fetching Node ${NODE_MAJOR} (190 MB)`, report, async () => {
			await writeFile(join(partial, 'package.json'), '{"private":true}');
			await runNpm(['install', `${packageName}@${NODE_MAJOR}`, '--ignore-scripts'], {
				folder: partial,
				nodeBinary: process.execPath,
			});
		});
	});
	return join(folder, 'node_modules', packageName, 'bin', 'node');
}

/** n8n in the cache folder, fetched when it is not there yet: 2.2 GB, some minutes. */
export async function installN8n(report: Report, version = CURRENT_N8N): Promise<InstalledN8n> {
	const folder = join(cacheFolder(), `n8n-${version}`);
	if (!(await exists(folder))) {
		report(`n8n is downloaded once, about 2.2 GB, into ${cacheFolder()}`);
	}
	const nodeBinary = await installNode(report);
	await fillOnce(folder, report, async (partial) => {
		await writePrivatePackage(partial, version);
		// The install scripts of packages that the nodes here never need fetch prebuilt binaries, and fail without them.
		await withProgress(
			`Fetching n8n ${version} (some minutes)`,
			report,
			async () =>
				await runNpm(
					['install', '--ignore-scripts', '--prefer-offline', ...recipeFor(version).flags],
					{
						folder: partial,
						nodeBinary,
					},
				),
		);
		await withProgress('Building the SQLite driver (a minute or two)', report, async () => {
			await runNpm(['rebuild', 'sqlite3', '--no-ignore-scripts', '--foreground-scripts'], {
				folder: partial,
				nodeBinary,
				environment: await headersOf(nodeBinary),
			});
		});
	});
	return { version, script: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'), nodeBinary };
}

/** node-gyp's setting for C++ headers; a user's own may name those of another Node. */
async function headersOf(nodeBinary: string): Promise<Record<string, string>> {
	const root = dirname(dirname(nodeBinary));
	return (await exists(join(root, 'include', 'node', 'node.h')))
		? { npm_config_nodedir: root }
		: {};
}
